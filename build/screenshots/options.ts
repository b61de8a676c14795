import { parseArgs } from 'node:util';

/** What `npm run screenshots -- --help` says. */
export const HELP = `npm run screenshots [-- options]

  --out DIR  write the pictures there; without it into docs/screenshots, and those that README and guides show beside it
  --help     say this

Pictures of every page, light and dark, in three sizes. Needs Chromium, Chrome or Edge, or one named in OUTPOST_BROWSER.
`;

/** What was asked for. */
interface ScreenshotOptions {
  readonly help: boolean;
  readonly out: string | undefined;
}

/** Reads the words after `npm run screenshots --`; what is wrong with them is said by `complain`, and null given back. */
export function optionsOf(
  args: readonly string[],
  complain: (text: string) => void = (text) => void process.stderr.write(text),
): ScreenshotOptions | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { out: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
    });
    return { help: values.help, out: values.out };
  } catch (error) {
    const why = error instanceof Error ? error.message.split('. ')[0] : String(error);
    complain(`BAD_INPUT: ${why}. What is there: npm run screenshots -- --help\n`);
    return null;
  }
}
