import { normaliseTactic } from '../../shared/domain/tactics.ts';
import { countNumbers, emptyProfile } from '../../shared/drift/build-profile.ts';
import type { AttributeProfile, Profile } from '../../shared/encoding/profile.ts';
import type { Dataset, TrainingRows } from './dataset.ts';
import { allRows, type CategoryColumn, type Column, type Rows } from './frame.ts';

/** Rows of a dataset with the weight each counts with. */
interface Weighted {
  readonly rows: Rows;
  readonly weights: Float64Array;
}

function addTexts({ codes, listed }: CategoryColumn, { rows, weights }: Weighted, profile: AttributeProfile): void {
  for (let k = 0; k < rows.length; k++) {
    const code = codes[rows[k]!]!;
    if (code === -1) profile.missing += weights[k]!;
    else if (code >= listed) profile.other += weights[k]!;
    else profile.counts[code]! += weights[k]!;
  }
}

function addColumn(column: Column, weighted: Weighted, profile: AttributeProfile): void {
  if (column.kind === 'category') {
    addTexts(column, weighted, profile);
    return;
  }
  const { attribute, values } = column;
  const { rows, weights } = weighted;
  countNumbers(attribute, profile, (k) => values[rows[k]!]!, weights);
}

/** The tags of each list, canonical and each once. */
function tagsOf({ schema, tactics }: Pick<Dataset, 'schema' | 'tactics'>): string[][] {
  return tactics.lists.map((list) => [...new Set(list.map((tag) => normaliseTactic(tag, schema.synonyms)))]);
}

/**
 * Counts of some rows of a dataset by the fixed bins of its schema, and of their scores (NaN: none): what
 * the monitor says of them case by case, counted column by column. Tactics are those noted by now.
 */
export function profileOfRows(dataset: TrainingRows, rows: Rows, weights: Float64Array, scores: Float64Array): Profile {
  const { schema, frame, tactics } = dataset;
  const profile = emptyProfile(schema);
  for (const column of frame.columns) addColumn(column, { rows, weights }, profile.attributes[column.attribute.name]!);
  const tags = tagsOf(dataset);
  const byTag = new Map<string, number>();
  for (let k = 0; k < rows.length; k++) {
    profile.rows += weights[k]!;
    if (!Number.isNaN(scores[k]!)) profile.scores[Math.min(19, Math.floor(scores[k]! * 20))]! += weights[k]!;
    for (const tag of tags[tactics.noted[rows[k]!]!]!) byTag.set(tag, (byTag.get(tag) ?? 0) + weights[k]!);
  }
  return { ...profile, tactics: Object.fromEntries(byTag) };
}

/**
 * Weighted counts of all rows of a dataset by the fixed bins of its schema, without scores: what the monitor says
 * of its rows case by case, counted column by column. Tactics are those noted by now.
 */
export function profileOfDataset(dataset: Dataset): Profile {
  const { schema, frame, tactics } = dataset;
  const profile = emptyProfile(schema);
  const weighted = { rows: allRows(frame), weights: frame.weights };
  for (const column of frame.columns) addColumn(column, weighted, profile.attributes[column.attribute.name]!);
  const byList = new Float64Array(tactics.lists.length);
  for (let i = 0; i < frame.rows; i++) {
    profile.rows += frame.weights[i]!;
    byList[tactics.noted[i]!]! += frame.weights[i]!;
  }
  const byTag = new Map<string, number>();
  for (const [at, tags] of tagsOf(dataset).entries()) {
    // A list that no row has now was seen at intake only.
    if (byList[at] === 0) continue;
    for (const tag of tags) byTag.set(tag, (byTag.get(tag) ?? 0) + byList[at]!);
  }
  return { ...profile, tactics: Object.fromEntries(byTag) };
}
