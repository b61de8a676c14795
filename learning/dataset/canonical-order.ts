import { hash } from 'node:crypto';

/** What the order of a row follows from. */
export interface OrderedRow {
  /** Plain date; null when unknown. */
  readonly received: string | null;
  /** Hash of all a model learns from, without the names of its groups, and what was noted later beside it. */
  readonly digest: string;
  readonly late: string;
  readonly incident: string | null;
  readonly scammer: string | null;
}

type GroupKind = 'incident' | 'scammer';
const kinds: readonly GroupKind[] = ['incident', 'scammer'];

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : Number(a > b);
}

/** By received date, then contents. What was noted later may not decide: it is no part of what is learned. */
function byContents(a: OrderedRow, b: OrderedRow): number {
  return compare(a.received ?? '', b.received ?? '') || compare(a.digest, b.digest);
}

/** Numbers names from 0 in the order of their first row. */
interface Numbering {
  readonly of: (name: string | null) => number;
  readonly note: (name: string | null) => void;
}

function numbering(): Numbering {
  const known = new Map<string, number>();
  return {
    of: (name) => (name === null ? -1 : (known.get(name) ?? Infinity)),
    note(name) {
      if (name !== null && !known.has(name)) known.set(name, known.size);
    },
  };
}

/** What the rows of each group say, as one text per group: equal for groups that cannot be distinguished by it. */
function contentsOfGroups(rows: readonly OrderedRow[], texts: readonly string[], kind: GroupKind): Map<string, string> {
  const members = new Map<string, string[]>();
  rows.forEach((row, i) => {
    const name = row[kind];
    if (name === null) return;
    const list = members.get(name);
    if (list === undefined) members.set(name, [texts[i]!]);
    else list.push(texts[i]!);
  });
  return new Map([...members].map(([name, list]) => [name, hash('sha256', list.toSorted().join(' '))]));
}

/** What each row says together with what all rows of its groups say, as one text. Rows without a group keep theirs. */
function withGroups(rows: readonly OrderedRow[], texts: readonly string[]): readonly string[] {
  const groups = kinds.map((kind) => ({ kind, contents: contentsOfGroups(rows, texts, kind) }));
  return rows.map((row, i) => {
    if (kinds.every((kind) => row[kind] === null)) return texts[i]!;
    const around = groups.map(({ kind, contents }) => (row[kind] === null ? '' : contents.get(row[kind])));
    return hash('sha256', JSON.stringify([texts[i], ...around]));
  });
}

/** Compares rows of equal contents by the groups they are in: numbers they have so far, what is in them, names last. */
function byGroups(rows: readonly OrderedRow[], numbers: Record<GroupKind, Numbering>) {
  const digests = rows.map(({ digest }) => digest);
  const contents = withGroups(rows, digests);
  const late = rows.map((row, i) => JSON.stringify([contents[i], row.late]));
  const withLate = withGroups(rows, late);
  return (i: number, j: number): number => {
    const [a, b] = [rows[i]!, rows[j]!];
    for (const kind of kinds) {
      const order = compare(numbers[kind].of(a[kind]), numbers[kind].of(b[kind]));
      if (order !== 0) return order;
    }
    return (
      compare(contents[i]!, contents[j]!) ||
      compare(withLate[i]!, withLate[j]!) ||
      compare(a.incident ?? '', b.incident ?? '') ||
      compare(a.scammer ?? '', b.scammer ?? '')
    );
  };
}

/** Ends of the runs of rows that say the same, in an order that has them side by side. */
function* runsOf(rows: readonly OrderedRow[], order: Uint32Array): Generator<[start: number, end: number]> {
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && byContents(rows[order[start]!]!, rows[order[end]!]!) === 0) end += 1;
    yield [start, end];
    start = end;
  }
}

/**
 * Indexes of rows in an order that follows from what they say, not from the order they come in nor from what incidents and
 * scammers are called: received date, then contents; rows of equal contents by what else is in their groups. Names decide
 * only between rows whose groups say the same too.
 */
export function canonicalOrder(rows: readonly OrderedRow[]): Uint32Array {
  const order = Uint32Array.from(rows.keys()).sort((a, b) => byContents(rows[a]!, rows[b]!));
  const numbers = { incident: numbering(), scammer: numbering() };
  let within: ReturnType<typeof byGroups> | null = null;
  for (const [start, end] of runsOf(rows, order)) {
    const run = order.subarray(start, end);
    if (run.length > 1 && run.some((i) => rows[i]!.incident !== null || rows[i]!.scammer !== null))
      run.sort((within ??= byGroups(rows, numbers)));
    else if (run.length > 1) run.sort((i, j) => compare(rows[i]!.late, rows[j]!.late));
    for (const i of run) for (const kind of kinds) numbers[kind].note(rows[i]![kind]);
  }
  return order;
}
