import { verdictOf } from '../../../shared/domain/verdict.ts';
import { isMissing, type ColumnValue, type EncodedRow } from '../../../shared/encoding/encode.ts';
import type { Manifest } from '../../../shared/encoding/manifest.ts';
import type { ScoreRows } from './explain.ts';
import { boundColumns } from '../../../shared/encoding/pack.ts';

interface Change {
  readonly attribute: string;
  readonly value: ColumnValue;
  readonly score: number;
}

const most = 3;
/** Smaller moves of the probability are not worth a line. */
const least = 0.01;

function flips(manifest: Manifest, row: EncodedRow): { attribute: string; value: ColumnValue }[] {
  const read = new Set(boundColumns(manifest.binding));
  return manifest.schema.attributes.flatMap(({ name, kind }) => {
    const value = row[name];
    if (!read.has(name) || value === undefined || isMissing(value)) return [];
    return kind === 'boolean' || kind === 'tactic' ? [{ attribute: name, value: value === 1 ? 0 : 1 }] : [];
  });
}

/**
 * What another answer to one yes/no question would make of the score: up to three, those that change the verdict
 * first, then those that move the score most. `score` is the score of `row` as it is.
 */
export async function findCounterfactuals(
  manifest: Manifest,
  row: EncodedRow,
  score: number,
  scoreRows: ScoreRows,
): Promise<Change[]> {
  const candidates = flips(manifest, row);
  if (candidates.length === 0) return [];
  const scores = await scoreRows(candidates.map(({ attribute, value }) => ({ ...row, [attribute]: value })));
  const verdict = verdictOf(score, manifest.thresholds);
  return candidates
    .map((candidate, i) => ({ ...candidate, score: scores[i]! }))
    .filter((change) => Math.abs(change.score - score) >= least)
    .map((change) => ({ change, turns: Number(verdictOf(change.score, manifest.thresholds) !== verdict) }))
    .toSorted((a, b) => b.turns - a.turns || Math.abs(b.change.score - score) - Math.abs(a.change.score - score))
    .slice(0, most)
    .map(({ change }) => change);
}
