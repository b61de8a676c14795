import { isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { OutpostError, sentenceOf } from '../../../shared/errors/index.ts';
import { inLines, sentence } from '../../../shared/language/sentence.ts';

/** What a host is asked for on its command line. */
export interface HostOptions {
  /** 0 = any free port (browser host only). */
  readonly port: number;
  /** Null = the usual folder of this user. */
  readonly dataDir: string | null;
  /** A throw-away folder with simulated cases. */
  readonly demo: boolean;
  /** Stay when the last window is gone (browser host only). */
  readonly keep: boolean;
  readonly help: boolean;
}

const OPTIONS = {
  port: { type: 'string', default: '0' },
  'data-dir': { type: 'string' },
  demo: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

function parse(
  args: readonly string[],
  strict: boolean,
): ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'] {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict, allowPositionals: !strict }).values as never;
  } catch (cause) {
    throw new OutpostError('BAD_INPUT', inLines([sentenceOf(cause), sentence('host.help')]), { cause });
  }
}

/**
 * Reads the options of a host; BAD_INPUT says which one is wrong and lists them all. The desktop shell is not `strict`,
 * because its own switches stand among them.
 */
export function parseHostOptions(args: readonly string[], strict: boolean): HostOptions {
  const values = parse(args, strict);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new OutpostError('BAD_INPUT', sentence('host.bad_port', { help: sentence('host.help') }));
  }
  const dir = values['data-dir'];
  if (values.demo && dir !== undefined) {
    throw new OutpostError('BAD_INPUT', sentence('host.demo_uses_folder_own'));
  }
  const dataDir = typeof dir !== 'string' ? null : isAbsolute(dir) ? dir : resolve(dir);
  return { port, dataDir, demo: values.demo === true, keep: values.keep === true, help: values.help === true };
}
