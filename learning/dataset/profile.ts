import { normaliseTactic } from '../../shared/domain/tactics.ts';
import { binOf, emptyProfile } from '../../shared/drift/build.ts';
import type { AttributeProfile, Profile } from '../../shared/encoding/profile.ts';
import type { Dataset } from './dataset.ts';
import type { CategoryColumn, Column } from './frame.ts';

function addTexts({ codes, listed }: CategoryColumn, weights: Float64Array, profile: AttributeProfile): void {
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code === -1) profile.missing += weights[i]!;
    else if (code >= listed) profile.other += weights[i]!;
    else profile.counts[code]! += weights[i]!;
  }
}

function addColumn(column: Column, weights: Float64Array, profile: AttributeProfile): void {
  if (column.kind === 'category') {
    addTexts(column, weights, profile);
    return;
  }
  const { attribute, values } = column;
  for (let i = 0; i < values.length; i++) {
    const bin = binOf(attribute, values[i]!);
    if (bin === null) profile.missing += weights[i]!;
    else if (bin < 0) profile.other += weights[i]!;
    else profile.counts[bin]! += weights[i]!;
  }
}

/**
 * Weighted counts of all rows of a dataset by the fixed bins of its schema, without scores: what `profileOfEncoded` says
 * of its rows, counted column by column. Tactics are those noted by now.
 */
export function profileOfDataset({ schema, frame, tactics }: Dataset): Profile {
  const profile = emptyProfile(schema);
  for (const column of frame.columns) addColumn(column, frame.weights, profile.attributes[column.attribute.name]!);
  const byList = new Float64Array(tactics.lists.length);
  for (let i = 0; i < frame.rows; i++) {
    profile.rows += frame.weights[i]!;
    byList[tactics.noted[i]!]! += frame.weights[i]!;
  }
  const byTag = new Map<string, number>();
  tactics.lists.forEach((list, at) => {
    // A list that no row has now was seen at intake only.
    if (byList[at] === 0) return;
    const tags = new Set(list.map((tag) => normaliseTactic(tag, schema.synonyms)));
    for (const tag of tags) byTag.set(tag, (byTag.get(tag) ?? 0) + byList[at]!);
  });
  return { ...profile, tactics: Object.fromEntries(byTag) };
}
