import { attributeNameOf } from '../../shared/encoding/attribute-names.ts';
import type { Column } from '../dataset/frame.ts';
import type { CasesFile, TextColumn } from './read-cases.ts';
import type { Slicing } from './slices.ts';

/** Values of slices for cases of which an attribute is not known, and of those for which it is. */
export const [missing, known] = ['(missing)', '(known)'];

/** Columns of a file of complaints that are no attributes, but part cases. */
export const usualTexts = ['office'];

function byText({ name, values, codes }: TextColumn): Slicing {
  return { name, levels: values.map((value) => (value === '' ? missing : value)), codes };
}

/** Values of a category, yes and no, or that a number is known; a value that is not known is a level of its own. */
function byColumn(column: Column): Slicing {
  const { name } = column.attribute;
  if (column.kind === 'category') {
    const { levels, codes } = column;
    return { name, levels: [...levels, missing], codes: codes.map((code) => (code === -1 ? levels.length : code)) };
  }
  const { values } = column;
  switch (column.attribute.kind) {
    case 'number':
    case 'money':
      return { name, levels: [known, missing], codes: Uint8Array.from(values, (v) => Number(Number.isNaN(v))) };
    case 'boolean':
    case 'tactic': {
      const code = (value: number): number => (Number.isNaN(value) ? 2 : Number(value !== 1));
      return { name, levels: ['yes', 'no', missing], codes: Uint8Array.from(values, code) };
    }
  }
}

/** Names among `wanted` that are no attribute of the columns and no `month`: they have to be columns of the file. */
export function textsAmong(wanted: readonly string[], attributes: readonly { readonly name: string }[]): string[] {
  const own = new Set(attributes.map((a) => a.name));
  return wanted.filter((name) => !own.has(name) && !own.has(attributeNameOf(name)) && name !== 'month');
}

/**
 * Ways to part the cases of a file: by each attribute (value, yes or no, known or missing), by the texts that were kept,
 * by month. `wanted` keeps those of these names, given as attributes or as headers; null keeps all.
 */
export function slicingsOf(file: CasesFile, wanted: readonly string[] | null): Slicing[] {
  const all = [...file.columns.map(byColumn), ...file.texts.map(byText)];
  if (wanted === null) return all;
  const names = new Set(wanted.flatMap((name) => [name, attributeNameOf(name)]));
  return all.filter(({ name }) => names.has(name));
}
