/** A row that was left out: its line and why, never what it says. */
export interface Rejection {
  readonly line: number;
  readonly why: string;
}

/** Rows that were left out. */
export interface Rejections {
  readonly total: number;
  /** The first hundred. */
  readonly first: readonly Rejection[];
  /** Rows by reason. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** Why a case is left out whose outcome is known by chance or choice: cases like it are not known as often. */
export const undrawn = 'nothing drew it for a check: it says nothing about those like it';

const mostListed = 100;

/** Collects rejections; memory does not grow with the file. */
export function collectRejections(): {
  readonly add: (line: number, why: string) => void;
  readonly all: () => Rejections;
} {
  const first: Rejection[] = [];
  const reasons = new Map<string, number>();
  let total = 0;
  return {
    add(line, why) {
      total += 1;
      if (first.length < mostListed) first.push({ line, why });
      reasons.set(why, (reasons.get(why) ?? 0) + 1);
    },
    all: () => ({ total, first, reasons: Object.fromEntries(reasons) }),
  };
}
