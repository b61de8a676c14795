/** A case thresholds are set on: its label, its calibrated out-of-fold score, and how many cases it stands for. */
export interface ThresholdCase {
  readonly label: 0 | 1;
  readonly score: number;
  readonly weight: number;
}

/** Cases from the lowest score up, those of equal scores in the order they came in; one entry per case. */
export interface RankedCases {
  readonly labels: Uint8Array;
  readonly scores: Float64Array;
  readonly weights: Float64Array;
  /** Where each stood before. */
  readonly places: Uint32Array;
}

type Columns = Omit<{ readonly [Name in keyof RankedCases]: ArrayLike<number> }, 'places'>;

function taken({ labels, scores, weights }: Columns, at: Uint32Array, places: Uint32Array): RankedCases {
  const ranked = {
    labels: new Uint8Array(at.length),
    scores: new Float64Array(at.length),
    weights: new Float64Array(at.length),
    places,
  };
  for (let k = 0; k < at.length; k++) {
    ranked.labels[k] = labels[at[k]!]!;
    ranked.scores[k] = scores[at[k]!]!;
    ranked.weights[k] = weights[at[k]!]!;
  }
  return ranked;
}

/** Ranks cases given as arrays with one entry each; those of weight 0 are left out, and those without a score (NaN) where `scored`. */
export function rankCases(cases: Columns, scored = false): RankedCases {
  const { scores, weights } = cases;
  const all = new Uint32Array(scores.length);
  let count = 0;
  for (let i = 0; i < all.length; i++) if (weights[i] !== 0 && !(scored && Number.isNaN(scores[i]))) all[count++] = i;
  const order = all.slice(0, count).sort((a, b) => scores[a]! - scores[b]!);
  return taken(cases, order, order);
}

/** Ranked cases as they are, others ranked. */
export function ranked(cases: readonly ThresholdCase[] | RankedCases): RankedCases {
  if (!Array.isArray(cases)) return cases as RankedCases;
  const list: readonly ThresholdCase[] = cases;
  return rankCases({
    labels: Uint8Array.from(list, (c) => c.label),
    scores: Float64Array.from(list, (c) => c.score),
    weights: Float64Array.from(list, (c) => c.weight),
  });
}

/** Those of ranked cases that stood at some places before. */
export function rankedAt(cases: RankedCases, isWanted: (place: number) => boolean): RankedCases {
  const { places } = cases;
  const at = new Uint32Array(places.length);
  let count = 0;
  for (let k = 0; k < at.length; k++) if (isWanted(places[k]!)) at[count++] = k;
  const kept = at.subarray(0, count);
  return taken(
    cases,
    kept,
    kept.map((k) => places[k]!),
  );
}
