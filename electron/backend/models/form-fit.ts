import { wordsOf } from '../../../shared/encoding/attribute-words.ts';
import { boundColumns, type Manifest } from '../../../shared/encoding/manifest.ts';
import { nameInForm } from '../../../shared/encoding/read-under.ts';
import type { Attribute, FeatureSchema } from '../../../shared/encoding/schema.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { listed, sentence } from '../../../shared/language/sentence.ts';

/** Questions of a refused model that are named at most. */
const named = 5;

/** How much of what the form asks a model reads: of `asked` questions, `unread` are nothing to it. */
interface FormFit {
  readonly asked: number;
  readonly unread: number;
}

function boundAttributes({ schema, binding }: Manifest): Attribute[] {
  const columns = new Set(boundColumns(binding));
  return schema.attributes.filter(({ name }) => columns.has(name));
}

/** How much of the questions of the form a model reads. Tactics are noted whatever the form asks, and not counted. */
export function formFit(manifest: Manifest, form: FeatureSchema): FormFit {
  const questions = form.attributes.filter(({ kind, shareable }) => kind !== 'tactic' && shareable);
  const read = new Set(boundAttributes(manifest).map((one) => nameInForm(manifest.schema, one, form)));
  return { asked: questions.length, unread: questions.filter(({ name }) => !read.has(name)).length };
}

/**
 * Refuses a model about something else, that reads nothing of what the form asks: with it every case would look alike,
 * and the form would lose its questions. BAD_MANIFEST names what it asks.
 */
export function requireReadsForm(manifest: Manifest, form: FeatureSchema): void {
  const bound = boundAttributes(manifest);
  const reads = (one: Attribute): boolean => one.kind === 'tactic' || nameInForm(manifest.schema, one, form) !== null;
  if (bound.some(reads)) return;
  const names = bound.slice(0, named).map((one) => wordsOf(manifest, one).name);
  throw new OutpostError(
    'BAD_MANIFEST',
    sentence('models.about_something_else', { names: listed(names), more: Math.max(0, bound.length - named) }),
    { data: { field: 'schema' } },
  );
}
