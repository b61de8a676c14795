import { isSame, sentence, type Sentence } from '../../shared/language/sentence.ts';

/** A row that was left out: its line and why, never what it says. */
interface Rejection {
  readonly line: number;
  readonly why: Sentence;
}

/** Rows left out for one reason. */
export interface Reason {
  readonly why: Sentence;
  readonly rows: number;
}

/** Rows that were left out. */
export interface Rejections {
  readonly total: number;
  /** The first hundred. */
  readonly first: readonly Rejection[];
  /** The most frequent first. */
  readonly reasons: Reason[];
}

/** Why a case is left out whose outcome is known by chance or choice: cases like it are not known as often. */
export const notDrawn = sentence('row.not_drawn');

const mostListed = 100;

/** True for a reason, where a row could have been read. */
export function isReason(read: object | null): read is Sentence {
  return read !== null && 'code' in read;
}

/** How many rows were left out for a reason. */
export function countOf(reasons: readonly Reason[], why: Sentence): number {
  return reasons.find((reason) => isSame(reason.why, why))?.rows ?? 0;
}

/** Collects rejections; memory does not grow with the file. */
export function collectRejections(): {
  readonly add: (line: number, why: Sentence) => void;
  readonly all: () => Rejections;
} {
  const first: Rejection[] = [];
  const reasons = new Map<string, { why: Sentence; rows: number }>();
  let total = 0;
  return {
    add(line, why) {
      total += 1;
      if (first.length < mostListed) first.push({ line, why });
      const key = JSON.stringify(why);
      const known = reasons.get(key);
      if (known === undefined) reasons.set(key, { why, rows: 1 });
      else known.rows += 1;
    },
    all() {
      const sorted = [...reasons].toSorted(([a, { rows: m }], [b, { rows: n }]) => n - m || (a < b ? -1 : 1));
      return { total, first, reasons: sorted.map(([, reason]) => reason) };
    },
  };
}
