import type { Frame, Rows } from '../../dataset/frame.ts';
import { addBins, type Feature } from './bins.ts';

/** Joint codes of a group take one byte. */
export const mostCodes = 256;

/**
 * Features whose bins are kept as one joint code per row, so that one pass over the rows counts for all of them. Sums
 * are exact (see `gradients.ts`), so the result does not depend on the grouping.
 */
export interface Group {
  /** Indexes into the features. */
  readonly members: readonly number[];
  /** How many codes there are. */
  readonly size: number;
  /** Code of each training row: a stretch of the codes of all groups. */
  readonly codes: Uint8Array | Uint16Array;
  /** Bin of each code: `binOf[m * size + code]` for member m. */
  readonly binOf: Uint16Array;
}

/** Training rows in bins. */
export interface Binned {
  readonly rows: number;
  readonly features: readonly Feature[];
  readonly groups: readonly Group[];
  /** Codes of the rows by the first group, then by the second, and so on. */
  readonly codes: Uint8Array | Uint16Array;
  /** For each feature: its group and its place among the members. */
  readonly groupOf: Int32Array;
  readonly memberOf: Int32Array;
  /** Where each feature's bins begin in a histogram; one more entry for the end. */
  readonly starts: Int32Array;
}

/** Puts features together first fit, the ones with most bins first, as long as their joint codes stay within a byte. */
function packed(features: readonly Feature[]): number[][] {
  const order = features.map((_, f) => f).sort((a, b) => features[b]!.bins - features[a]!.bins || a - b);
  const packs: { size: number; members: number[] }[] = [];
  for (const f of order) {
    const { bins } = features[f]!;
    const fits = packs.find((pack) => pack.size * bins <= mostCodes);
    if (fits) {
      fits.members.push(f);
      fits.size *= bins;
    } else packs.push({ size: bins, members: [f] });
  }
  return packs.map((pack) => pack.members);
}

function sizeOf(features: readonly Feature[], members: readonly number[]): number {
  return members.reduce((product, f) => product * features[f]!.bins, 1);
}

function groupOf(
  frame: Frame,
  rows: Rows,
  features: readonly Feature[],
  members: readonly number[],
  codes: Group['codes'],
): Group {
  const size = sizeOf(features, members);
  const binOf = new Uint16Array(members.length * size);
  let stride = 1;
  members.forEach((f, m) => {
    const { bins } = features[f]!;
    addBins(frame, rows, features[f]!, codes, stride);
    for (let code = 0; code < size; code++) binOf[m * size + code] = Math.floor(code / stride) % bins;
    stride *= bins;
  });
  return { members, size, codes, binOf };
}

/** Puts rows of a frame into bins, in their order. */
export function binned(frame: Frame, rows: Rows, features: readonly Feature[]): Binned {
  const packs = packed(features);
  const small = packs.every((members) => sizeOf(features, members) <= mostCodes);
  const length = packs.length * rows.length;
  const codes = small ? new Uint8Array(length) : new Uint16Array(length);
  const groups = packs.map((members, g) =>
    groupOf(frame, rows, features, members, codes.subarray(g * rows.length, (g + 1) * rows.length)),
  );
  const [ofGroup, ofMember] = [new Int32Array(features.length), new Int32Array(features.length)];
  groups.forEach(({ members }, g) =>
    members.forEach((f, m) => {
      ofGroup[f] = g;
      ofMember[f] = m;
    }),
  );
  const starts = new Int32Array(features.length + 1);
  features.forEach(({ bins }, f) => (starts[f + 1] = starts[f]! + bins));
  return { rows: rows.length, features, groups, codes, groupOf: ofGroup, memberOf: ofMember, starts };
}
