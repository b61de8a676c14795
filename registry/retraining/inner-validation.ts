import { encodeFacts } from '../../shared/encoding/encode.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { datasetOf } from '../../learning/dataset/dataset.ts';
import { columnBuilder, shared, type Frame } from '../../learning/dataset/frame.ts';
import type { ValidationBlock } from '../../learning/train/inner-validation.ts';
import { holdOutCases } from './hold-out.ts';
import type { LabelledCase } from '../../learning/data/labelled-cases.ts';
import { trainingRows, type Recipe } from './recipes.ts';

/** Days of a block of inner validation: cases received from `from` until before `until` are judged by earlier ones. */
export interface Stretch {
  readonly from: string;
  readonly until: string;
}

/** Fewest labelled cases since an alarm that recipes are compared on; with fewer the latest quarter has to do. */
const fewestSince = 60;

/**
 * Where recipes are compared, within the cases before the cut. After an alarm the second, third and last quarter of the
 * cases since its first day, each judged by what came before it: how fast a recipe follows a change shows nowhere else.
 * Otherwise the latest quarter of all.
 */
export function stretchesOf(learned: readonly LabelledCase[], since: string | null, cut: string): Stretch[] {
  const days = learned.map(({ known }) => known.received).toSorted();
  const recent = since === null ? [] : days.filter((day) => day >= since);
  const begins =
    recent.length >= fewestSince
      ? [0.25, 0.5, 0.75].map((share) => recent[Math.floor(share * recent.length)]!)
      : days.slice(Math.floor(0.75 * days.length)).slice(0, 1);
  const distinct = [...new Set(begins)];
  return distinct.map((from, i) => ({ from, until: distinct[i + 1] ?? cut }));
}

/** The cases of a stretch whose incident nothing before it is about. */
export function casesOf(learned: readonly LabelledCase[], { from, until }: Stretch): LabelledCase[] {
  return holdOutCases(learned, from).filter(({ known }) => known.received < until);
}

/** Cases as a frame in the order they are given, groups numbered by `numberOf`. */
function frameOf(schema: FeatureSchema, cases: readonly LabelledCase[], numberOf: (group: string) => number): Frame {
  const columns = columnBuilder(schema);
  const [labels, weights] = [shared(Uint8Array, 1, cases.length), shared(Float64Array, 8, cases.length)];
  const groups = shared(Int32Array, 4, cases.length);
  cases.forEach((one, i) => {
    columns.add(encodeFacts(schema, one.known.facts));
    labels[i] = one.label;
    weights[i] = one.weight;
    groups[i] = numberOf(one.group);
  });
  const order = Uint32Array.from(cases.keys());
  return { schema, rows: cases.length, columns: columns.build(order), labels, weights, groups };
}

/** What a recipe is tried on. The unseen cases come in the same order for every recipe. */
export function blocksOf(
  learned: readonly LabelledCase[],
  stretches: readonly Stretch[],
  recipe: Recipe,
): ValidationBlock[] {
  const numbers = new Map<string, number>();
  const numberOf = (group: string): number => {
    const number = numbers.get(group) ?? numbers.size;
    numbers.set(group, number);
    return number;
  };
  return stretches.map((stretch) => {
    const earlier = learned.filter(({ known }) => known.received < stretch.from);
    const { frame } = datasetOf(recipe.schema, trainingRows(earlier, recipe, stretch.from));
    return { learn: frame, unseen: frameOf(recipe.schema, casesOf(learned, stretch), numberOf) };
  });
}
