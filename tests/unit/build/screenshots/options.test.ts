import { describe, expect, it } from 'vitest';
import { HELP, optionsOf } from '../../../../build/screenshots/options.ts';

describe('options of the screenshots', () => {
  it('are a folder and the help that names it', () => {
    expect(optionsOf([])).toEqual({ help: false, out: undefined });
    expect(optionsOf(['--out', 'pictures'])).toEqual({ help: false, out: 'pictures' });
    expect(optionsOf(['--help'])?.help).toBe(true);
    expect(HELP).toContain('--out DIR');
  });

  it.each([[['--pages', 'queue']], [['queue']], [['--out']]])(
    '%j is refused with its code and where to look',
    (args) => {
      const printed: string[] = [];
      expect(optionsOf(args, (text) => printed.push(text))).toBeNull();
      expect(printed.join('')).toMatch(/^BAD_INPUT: .*--help\n$/s);
    },
  );
});
