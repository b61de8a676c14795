import { attributeNameOf, ownNameOf } from '../../shared/encoding/attribute-names.ts';
import { cellText } from '../../shared/encoding/cell-text.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** A header without what people write in one way or another: capitals, blanks, hyphens. */
function wordsOf(header: string): string {
  return cellText(header)
    .toLowerCase()
    .replaceAll(/[\s_.-]+/g, '_');
}

/**
 * The attribute name of each header; those that would share one (C++ and C#) get one of their own. Throws BAD_CSV for two
 * that differ in capitals, blanks or hyphens only, naming both.
 */
export function attributeNamesOf(headers: readonly string[]): ReadonlyMap<string, string> {
  const alike = Map.groupBy(headers, attributeNameOf);
  const twice = [...Map.groupBy(headers, wordsOf).values()].find((same) => same.length > 1);
  if (twice !== undefined) {
    const [other = '', column = ''] = twice;
    throw new OutpostError(
      'BAD_CSV',
      sentence('schema.columns_alike', { other, column, name: attributeNameOf(column) }),
    );
  }
  return new Map(
    headers.map((header) => {
      const name = attributeNameOf(header);
      return [header, alike.get(name)!.length > 1 ? ownNameOf(header) : name];
    }),
  );
}
