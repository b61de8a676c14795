import type { SchemaTexts } from './schema-texts.ts';

/** Language of names that were taken from a file as they are. */
const asInFile = 'und';

/** What people know an attribute by: the header of the file it was learned from, where there was one, else its name. */
export function headersOfFile(texts: readonly SchemaTexts[]): (attribute: string) => string {
  const own = texts.find(({ language }) => language === asInFile)?.attributes ?? {};
  return (attribute) => (Object.hasOwn(own, attribute) ? own[attribute]!.label : attribute);
}
