import { differenceOf } from '../../shared/encoding/same-meaning.ts';
import type { Attribute, FeatureSchema } from '../../shared/encoding/schema.ts';
import { schemaHash } from '../../shared/encoding/schema-identity.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { listed, sentence, type Sentence } from '../../shared/language/sentence.ts';

const fewValues = 3;

/** What tells an attribute from another one of its name: unit, some values, or its kind. */
function about(attribute: Attribute): string {
  if (attribute.kind === 'category') return attribute.values.slice(0, fewValues).join(', ');
  return attribute.kind === 'number' ? attribute.unit : attribute.kind;
}

/** Why answers to an attribute of the data are none to that of the schema it is read under; null when they are. */
function whyOther(theirs: Attribute | undefined, ours: Attribute): Sentence | null {
  // Tactics are found among those noted, whatever else has their name.
  if (theirs === undefined || ours.kind === 'tactic') return null;
  const difference = differenceOf(theirs, ours);
  if (difference === null) return null;
  const { name } = ours;
  if (difference === 'unit' || difference === 'values')
    return sentence('data.other_question', { name, difference, theirs: about(theirs), ours: about(ours) });
  return sentence('data.other_kind', { name, theirs: theirs.kind, ours: ours.kind });
}

/**
 * Throws BAD_INPUT, naming the attributes, when data was recorded under a schema that means something else by a name
 * than the one it is read under: another kind of answer, another unit (nothing is converted), or no value in common.
 * Names that only one of them has are no reason.
 */
export function requireSameQuestions(data: FeatureSchema, reader: FeatureSchema): void {
  if (schemaHash(data) === schemaHash(reader)) return;
  const own = new Map(data.attributes.filter((a) => a.shareable).map((a) => [a.name, a]));
  const asked = reader.attributes.filter((a) => a.shareable);
  const others = asked.map((ours) => whyOther(own.get(ours.name), ours)).filter((why) => why !== null);
  if (others.length === 0) return;
  throw new OutpostError('BAD_INPUT', sentence('data.other_questions', { each: listed(others) }));
}
