import { allOf, sentence, type Sentence } from '../language/sentence.ts';

const names: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' };

/** What the first line of a CSV file says about the sign between its cells. */
interface SeparatorLook {
  readonly separator: string;
  /** Other signs that could separate its cells just as well; the comma is taken before them. */
  readonly others: readonly string[];
  /** False: the text ends before its first line does. */
  readonly ended: boolean;
}

/**
 * Finds the sign that separates the cells of a CSV file in the text it begins with: the one of comma, semicolon, tab and
 * vertical bar that stands in the first line outside quotes; the comma when none or several do.
 */
export function lookForSeparator(text: string): SeparatorLook {
  const declared = /^\uFEFF?sep=(.)[\r\n]/i.exec(text)?.[1];
  // What spreadsheets write into a first line of its own says it.
  if (declared !== undefined) return { separator: declared, others: [], ended: true };
  const found = new Set<string>();
  let [quoted, ended, something] = [false, false, false];
  for (const sign of text) {
    if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === '\n' || sign === '\r')) {
      // Empty lines before the header are skipped by whoever reads the rows.
      ended = something;
      if (ended) break;
    } else if (!quoted && sign in names) found.add(sign);
    something ||= !/[\s\uFEFF]/.test(sign);
  }
  const separator = found.size === 1 ? [...found][0]! : ',';
  return { separator, others: [...found].filter((sign) => sign !== separator), ended };
}

/** The sign a person means by `;`, `tab` or `\t`; null when it is no single sign that can separate cells. */
export function separatorNamed(text: string): string | null {
  const sign = text === 'tab' || text === '\\t' ? '\t' : text;
  return sign.length === 1 && !/[\s"\w]/.test(sign === '\t' ? ',' : sign) ? sign : null;
}

/** What a sign between cells is called: `commas`. */
export function separatorName(sign: string): Sentence {
  return sentence('csv.separator_name', { name: names[sign] ?? 'other', sign });
}

/** A sentence about what separates the cells of a file, when it was found out and is worth saying; else null. */
export function separatorNote({ separator, others }: SeparatorLook): Sentence | null {
  const taken = separatorName(separator);
  if (others.length > 0) return sentence('csv.separators_unclear', { taken, others: allOf(others.map(separatorName)) });
  return separator === ',' ? null : sentence('csv.separated_by', { taken });
}
