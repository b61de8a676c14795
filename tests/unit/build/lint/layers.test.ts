import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkImport } from '../../../../build/lint/layers.ts';

const TOP = join(import.meta.dirname, '../../../..');

type Example = readonly [file: string, specifier: string, typeOnly?: 'type'];

const ALLOWED: readonly Example[] = [
  ['shared/domain/case.ts', '../errors/index.ts'],
  ['shared/contract/cases.ts', 'zod'],
  ['platform/files.ts', '../shared/errors/index.ts'],
  ['platform/files.ts', 'node:fs'],
  ['registry/app.ts', '../platform/files.ts'],
  ['electron/backend/store/events.ts', '../../../platform/files.ts'],
  ['electron/loopback/http.ts', '../../platform/files.ts'],
  ['renderer/features/queue.tsx', '../../shared/contract/index.ts'],
  ['renderer/main.tsx', 'react'],
  ['registry/routes/sync.ts', '../../shared/log/index.ts'],
  ['registry/server.ts', './app.ts'],
  ['electron/backend/index.ts', './api/cases.ts'],
  ['electron/backend/index.ts', './store/database.ts'],
  ['electron/backend/api/cases.ts', '../inference/score.ts'],
  ['electron/backend/sync/courier.ts', '../store/events.ts'],
  ['electron/backend/store/events.ts', '../../../shared/log/event.ts'],
  ['electron/backend/store/events.ts', 'node:fs'],
  ['electron/shell/window.ts', 'electron'],
  ['platform/models/onnx-runtime.ts', 'onnxruntime-node'],
  ['tests/unit/anything.test.ts', 'onnxruntime-node'],
  ['electron/shell/transport.ts', '../backend/index.ts', 'type'],
  ['electron/loopback/http.ts', '../backend/index.ts', 'type'],
  ['electron/main.ts', './shell/window.ts'],
  ['electron/serve.ts', './loopback/http.ts'],
  ['electron/serve.ts', './backend/index.ts'],
  ['electron/cli.ts', './backend/index.ts'],
  ['electron/commands/score.ts', '../backend/index.ts'],
  ['electron/cli.ts', './commands/score.ts'],
  ['electron/preload.ts', 'electron'],
  ['electron/preload.ts', '../shared/contract/bridge.ts', 'type'],
  ['tests/unit/anything.test.ts', '../../electron/backend/store/events.ts'],
  ['tests/unit/anything.test.ts', '../../build/lint/layers.ts'],
];

const FORBIDDEN: readonly Example[] = [
  ['shared/domain/case.ts', 'node:crypto'],
  ['shared/domain/case.ts', 'fs'],
  ['shared/domain/case.ts', 'better-sqlite3'],
  ['shared/domain/case.ts', 'react'],
  ['shared/domain/case.ts', '../../electron/backend/index.ts'],
  ['shared/domain/case.ts', '../../registry/app.ts', 'type'],
  ['shared/domain/case.ts', '../../platform/files.ts'],
  ['platform/files.ts', 'onnxruntime-node'],
  ['electron/backend/inference/sessions.ts', 'onnxruntime-node'],
  ['learning/evaluation/score-model.ts', 'onnxruntime-node'],
  ['platform/files.ts', '../registry/app.ts', 'type'],
  ['platform/files.ts', '../electron/backend/index.ts', 'type'],
  ['platform/files.ts', 'electron'],
  ['renderer/client.ts', '../platform/files.ts'],
  ['renderer/client.ts', '../electron/backend/index.ts'],
  ['renderer/client.ts', '../electron/preload.ts', 'type'],
  ['renderer/client.ts', 'electron'],
  ['renderer/client.ts', 'node:fs'],
  ['registry/app.ts', '../electron/backend/sync/client.ts'],
  ['registry/app.ts', '../renderer/client.ts'],
  ['registry/app.ts', './server.ts'],
  ['electron/backend/api/cases.ts', '../store/events.ts'],
  ['electron/backend/api/cases.ts', '../index.ts', 'type'],
  ['electron/backend/api/cases.ts', '../index.ts'],
  ['electron/backend/store/events.ts', '../sync/courier.ts'],
  ['electron/backend/store/events.ts', '../api/cases.ts'],
  ['electron/backend/migrations/0001.ts', '../jobs/queue.ts'],
  ['electron/backend/sync/courier.ts', '../api/cases.ts'],
  ['electron/backend/sync/courier.ts', '../../shell/window.ts'],
  ['electron/backend/sync/courier.ts', '../../../registry/app.ts'],
  ['electron/backend/vault/keys.ts', 'electron'],
  ['electron/shell/transport.ts', '../backend/index.ts'],
  ['electron/shell/transport.ts', '../loopback/http.ts', 'type'],
  ['electron/loopback/http.ts', '../backend/index.ts'],
  ['electron/loopback/http.ts', 'electron'],
  ['electron/serve.ts', './shell/window.ts'],
  ['electron/serve.ts', 'electron'],
  ['electron/cli.ts', './loopback/http.ts'],
  ['electron/preload.ts', './backend/index.ts', 'type'],
  ['electron/helpers.ts', '../shared/errors/index.ts'],
  ['electron/main.ts', '../node_modules/zod/index.js'],
  ['build/models.ts', '../tests/support/postgres.ts'],
];

const name = ([file, specifier, typeOnly]: Example): string => `${file} <- ${typeOnly ?? 'code'} of ${specifier}`;

describe('the layer rule', () => {
  it.each(ALLOWED.map((example) => [name(example), example] as const))('allows %s', (_name, example) => {
    expect(checkImport(example[0], example[1], example[2] === 'type')).toBeNull();
  });

  it.each(FORBIDDEN.map((example) => [name(example), example] as const))('refuses %s', (_name, example) => {
    expect(checkImport(example[0], example[1], example[2] === 'type')).toEqual(expect.any(String));
  });
});

describe('the layer rule inside the linter', () => {
  let folder = '';
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const lint = (): { status: number | null; output: string } => {
    const entry = join(TOP, 'node_modules/oxlint/bin/oxlint');
    const ended = spawnSync(process.execPath, [entry, '--format=unix'], { cwd: folder, encoding: 'utf8' });
    return { status: ended.status, output: ended.stdout + ended.stderr };
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'outpost-layers-'));
    const config = {
      jsPlugins: [join(TOP, 'build/lint/plugin.ts')],
      categories: { correctness: 'off' },
      rules: { 'outpost/layers': 'error' },
    };
    write('.oxlintrc.json', JSON.stringify(config));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('reports every form an import can take, and nothing else', () => {
    write(
      'electron/shell/bad.ts',
      [
        "import { createBackend } from '../backend/index.ts';",
        "import { type Backend, other } from '../backend/index.ts';",
        "export { createBackend as again } from '../backend/index.ts';",
        "export * from '../loopback/http.ts';",
        "export const later = import('../backend/index.ts');",
        "export type Far = import('../loopback/http.ts').Far;",
        "import '../backend/index.ts';",
      ].join('\n'),
    );
    write(
      'electron/shell/good.ts',
      [
        "import type { Backend } from '../backend/index.ts';",
        "import { type Call } from '../backend/index.ts';",
        "export type { Backend as Again } from '../backend/index.ts';",
        "export type Near = import('../backend/index.ts').Near;",
        "import { codes } from '../../shared/errors/index.ts';",
        'export const used = codes;',
      ].join('\n'),
    );
    const { status, output } = lint();
    const lines = (output.match(/bad\.ts:(\d+):/g) ?? []).map((found) => Number(found.split(':')[1]));
    expect(lines.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(output).not.toContain('good.ts');
    expect(status).toBe(1);
  });
});
