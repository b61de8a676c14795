import { OutpostError } from '../../shared/errors/index.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { allRows, type Frame, type Rows } from '../dataset/frame.ts';
import { dealGroups } from '../dataset/groups.ts';
import { createRandom } from '../statistics/random.ts';
import type { SplitRule } from './settings.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** Rows to learn from and rows to judge by, both ascending; `cut` is the first day of the latter when time decides. */
export interface Split {
  readonly train: Rows;
  readonly holdOut: Rows;
  readonly cut: string | null;
}

type Splittable = Pick<Dataset, 'frame' | 'received' | 'incidents'>;

/** First day of the latest `share` of the rows. */
function cutOf(received: readonly (string | null)[], share: number): string {
  const days = received.filter((day) => day !== null).toSorted();
  return days[Math.min(days.length - 1, Math.floor(days.length * (1 - share)))]!;
}

function byTime({ frame, received, incidents }: Splittable, cut: string | null, share: number): Split {
  if (received.some((day) => day === null) || received.length === 0) {
    throw new OutpostError('BAD_INPUT', sentence('train.splitting_time_needs_date_every_row'));
  }
  const day = cut ?? cutOf(received, share);
  const all = allRows(frame);
  const train = all.filter((i) => received[i]! < day);
  const seen = new Set(Array.from(train, (i) => incidents[i]!));
  // A later case of an incident that is learned from is left out of both: the model has seen its twin.
  const holdOut = all.filter((i) => received[i]! >= day && !seen.has(incidents[i]!));
  // Where one side is empty, all rows are learned from, as without dates; but a day that was named stays.
  if (cut === null && (train.length === 0 || holdOut.length === 0))
    return { train: all, holdOut: new Uint32Array(0), cut: null };
  return { train, holdOut, cut: day };
}

/** Deals whole groups out by chance until about `share` of the rows of each label are held out. */
function byGroup({ labels, rows }: Frame, groups: Int32Array, share: number, seed: number): Split {
  const parts = dealGroups({ labels, groups }, [share, 1 - share], createRandom(seed));
  const all = allRows({ rows });
  return { train: all.filter((i) => parts[i] === 1), holdOut: all.filter((i) => parts[i] === 0), cut: null };
}

/**
 * Splits a dataset by a rule. Rows of one incident never sit on both sides; by `scammer` and by `random`, neither do rows
 * of one scammer. Rows are dealt out evenly by label, as far as what has to stay together allows. By time without a day
 * that was named, all rows are learned from when either side would be empty. Throws BAD_INPUT when time is asked for and a
 * row has none.
 */
export function splitRows(dataset: Splittable, rule: SplitRule, seed: number): Split {
  const { frame, incidents } = dataset;
  switch (rule.by) {
    case 'none':
      return { train: allRows(frame), holdOut: new Uint32Array(0), cut: null };
    case 'time':
      return byTime(dataset, rule.cut, rule.share);
    case 'incident':
      return byGroup(frame, incidents, rule.share, seed);
    case 'random':
    case 'scammer':
      return byGroup(frame, frame.groups, rule.share, seed);
  }
}

/**
 * Throws BAD_INPUT when a day that a person named as the cut leaves nothing to learn from or nothing to judge by: what is
 * trained then is judged out of fold, while the person believes that later cases were kept out.
 */
export function requireBothSides(dataset: Splittable, rule: SplitRule, seed: number): void {
  if (rule.by !== 'time' || rule.cut === null) return;
  const { train, holdOut } = splitRows(dataset, rule, seed);
  if (train.length > 0 && holdOut.length > 0) return;
  const days = dataset.received.filter((day) => day !== null).toSorted();
  const [first, last] = [days[0]!, days.at(-1)!];
  const advice = first === last ? sentence('train.leave_cut_out') : sentence('train.name_another_cut', { first, last });
  const about = { cut: rule.cut, first, last, advice };
  // Cases from the cut on are there, but of incidents that are learned from.
  const hasTwins = train.length > 0 && rule.cut <= last;
  const side = train.length === 0 ? 'train' : 'hold_out';
  throw new OutpostError(
    'BAD_INPUT',
    hasTwins ? sentence('train.cut_leaves_twins', about) : sentence('train.cut_leaves_no_case', { ...about, side }),
  );
}
