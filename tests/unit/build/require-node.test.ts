import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface RequireNode {
  isTooOld(version: string): boolean;
  explain(version: string, platform: string, arch: string): string;
  forgetPreload(execArgv: string[]): void;
}

const requireNode = createRequire(import.meta.url)('../../../build/require-node.cjs') as RequireNode;

describe('the check for a new enough Node', () => {
  it.each(['20.20.2', '24.14.9', '4.0.0'])('refuses %s', (version) => {
    expect(requireNode.isTooOld(version)).toBe(true);
  });

  it.each(['24.15.0', '24.21.0', '25.0.0', '26.1.3'])('accepts %s', (version) => {
    expect(requireNode.isTooOld(version)).toBe(false);
  });

  it('says where the right Node comes from on this platform', () => {
    expect(requireNode.explain('20.1.0', 'linux', 'x64')).toContain('npm ci');
    expect(requireNode.explain('20.1.0', 'darwin', 'arm64')).toContain('https://nodejs.org');
  });

  it('takes only itself out of the flags that forked children inherit', () => {
    const flags = ['--max-old-space-size=300', '-r', './build/require-node.cjs', '-r', './other.cjs'];
    requireNode.forgetPreload(flags);
    expect(flags).toEqual(['--max-old-space-size=300', '-r', './other.cjs']);
  });
});

describe('what was compiled', () => {
  const top = fileURLToPath(new URL('../../../', import.meta.url));
  const kept = (env: NodeJS.ProcessEnv): string => {
    const args = ['-r', join(top, 'build/require-node.cjs'), '-p', 'process.env.NODE_COMPILE_CACHE'];
    return execFileSync(process.execPath, args, { encoding: 'utf8', env }).trim();
  };

  it('is kept within the project, for worker threads and children as well', () => {
    expect(kept({ PATH: process.env['PATH'] })).toBe(join(top, '.cache', 'compiled'));
  });

  it('is kept where the environment says, if it says so', () => {
    expect(kept({ PATH: process.env['PATH'], NODE_COMPILE_CACHE: join(top, '.cache', 'other') })).toContain('other');
  });
});
