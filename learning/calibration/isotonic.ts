import { uncalibrated, type Calibrator } from './calibrator.ts';
import { sigmoid } from '../trainers/logistic/newton.ts';
import { rowConstant, type GraphParts } from '../onnx/parts.ts';
import { differ, usable, type CalibrationSample, type UsableSample } from './calibration-sample.ts';

/** Most blocks a calibrator keeps: each is a column of the graph. */
export const maxBlocks = 64;

/** How far the log odds go on beyond the centre of an end block, so that the order inside it is not lost. */
const endRise = 0.1;

/** Neighbouring margins with one share of scams. */
interface Block {
  /** Weighted mean of its margins. */
  readonly centre: number;
  /** Weight of its scams, and of all of it; in the end blocks with the cases added there. */
  readonly scams: number;
  readonly weight: number;
  /** Weight of its rows alone. */
  readonly rows: number;
}

function joined(a: Block, b: Block): Block {
  const rows = a.rows + b.rows;
  return {
    // Between the two whatever rounding does.
    centre: Math.min(b.centre, a.centre + (b.centre - a.centre) * (b.rows / rows)),
    scams: a.scams + b.scams,
    weight: a.weight + b.weight,
    rows,
  };
}

/** Rows of equal margin as one block each, by ascending margin; `added` scams and genuine cases more at both ends. */
function distinct({ margins, labels, weights }: UsableSample, added: number): Block[] {
  const blocks: Block[] = [];
  for (let i = 0; i < margins.length;) {
    const centre = margins[i]!;
    let [scams, rows] = [0, 0];
    for (; i < margins.length && margins[i] === centre; i++) {
      scams += labels[i]! * weights[i]!;
      rows += weights[i]!;
    }
    blocks.push({ centre, scams, weight: rows, rows });
  }
  for (const end of added > 0 ? new Set([0, blocks.length - 1]) : []) {
    const block = blocks[end]!;
    blocks[end] = { ...block, scams: block.scams + added, weight: block.weight + 2 * added };
  }
  return blocks;
}

/**
 * Pool adjacent violators (Ayer et al. 1955): the weighted least-squares fit of a share of scams that never falls with
 * the margin, as blocks of strictly rising share. `added` scams and as many genuine cases are put at either end first
 * (0: the plain fit). Empty for an empty sample.
 */
export function pooled(sample: CalibrationSample, added = 0): Block[] {
  const rows = usable(sample);
  const blocks: Block[] = [];
  for (const next of rows.margins.length === 0 ? [] : distinct(rows, added)) {
    let block = next;
    for (
      let last = blocks.at(-1);
      last && last.scams * block.weight >= block.scams * last.weight;
      last = blocks.at(-1)
    ) {
      block = joined(last, block);
      blocks.pop();
    }
    blocks.push(block);
  }
  return blocks;
}

/** Log likelihood of a block at its own share of scams. */
function likelihood({ scams, weight }: Block): number {
  const term = (part: number): number => (part > 0 ? part * Math.log(part / weight) : 0);
  return term(scams) + term(weight - scams);
}

/** Joins the neighbours that lose the least likelihood until at most `most` blocks are left; shares keep rising. */
function thinned(blocks: readonly Block[], most: number): Block[] {
  const left = [...blocks];
  const loss = (i: number): number =>
    likelihood(left[i]!) + likelihood(left[i + 1]!) - likelihood(joined(left[i]!, left[i + 1]!));
  const losses = left.slice(1).map((_, i) => loss(i));
  while (left.length > most) {
    let at = 0;
    for (let i = 1; i < losses.length; i++) if (losses[i]! < losses[at]!) at = i;
    left.splice(at, 2, joined(left[at]!, left[at + 1]!));
    losses.splice(at, 1);
    if (at > 0) losses[at - 1] = loss(at - 1);
    if (at < losses.length) losses[at] = loss(at);
  }
  return left;
}

/** A function that rises from `start` by `rises[k]` between `lows[k]` and `lows[k] + widths[k]`, and is level elsewhere. */
interface Rising {
  readonly start: number;
  readonly lows: Float64Array;
  readonly widths: Float64Array;
  readonly rises: Float64Array;
}

function risingThrough(knots: readonly (readonly [number, number])[]): Rising {
  const between = (of: (from: readonly [number, number], to: readonly [number, number]) => number): Float64Array =>
    Float64Array.from(knots.slice(1), (knot, k) => of(knots[k]!, knot));
  return {
    start: knots[0]![1],
    lows: between((from) => from[0]),
    widths: between((from, to) => to[0] - from[0]),
    rises: between((from, to) => to[1] - from[1]),
  };
}

/** Sums rises in the graph's terms: each never falls with `x`, rounded or not, and neither does their sum. */
function valueAt({ start, lows, widths, rises }: Rising, x: number): number {
  let sum = start;
  for (let k = 0; k < lows.length; k++) {
    sum += Math.min(1, Math.max(0, (x - lows[k]!) / widths[k]!)) * rises[k]!;
  }
  return sum;
}

/** Adds the function to a graph; answers the name of its values. */
function addRising(parts: GraphParts, { start, lows, widths, rises }: Rising, x: string): string {
  const low = rowConstant(parts, 'isotonic:lows', lows);
  const width = rowConstant(parts, 'isotonic:widths', widths);
  parts.constants.push(
    { name: 'isotonic:zero', dims: [1, 1], values: [0] },
    { name: 'isotonic:one', dims: [1, 1], values: [1] },
    { name: 'isotonic:rises', dims: [rises.length, 1], values: rises },
    { name: 'isotonic:start', dims: [1], values: [start] },
  );
  parts.nodes.push(
    { op: 'Sub', inputs: [x, low], output: 'isotonic:beyond' },
    { op: 'Div', inputs: ['isotonic:beyond', width], output: 'isotonic:share' },
    { op: 'Max', inputs: ['isotonic:share', 'isotonic:zero'], output: 'isotonic:from_zero' },
    { op: 'Min', inputs: ['isotonic:from_zero', 'isotonic:one'], output: 'isotonic:passed' },
    { op: 'Gemm', inputs: ['isotonic:passed', 'isotonic:rises', 'isotonic:start'], output: 'isotonic:log_odds' },
  );
  return 'isotonic:log_odds';
}

function calibratorOf(rising: Rising, blocks: number): Calibrator {
  return {
    kind: 'isotonic',
    probability: (margin) => sigmoid(valueAt(rising, margin)),
    addTo(graph, margin) {
      const logOdds = addRising(graph, rising, margin);
      graph.nodes.push({ op: 'Sigmoid', inputs: [logOdds], output: 'isotonic:probability' });
      return 'isotonic:probability';
    },
    summary: { blocks, lowest: sigmoid(valueAt(rising, -Infinity)), highest: sigmoid(valueAt(rising, Infinity)) },
  };
}

/** Weight of one case as far as the sample knows: what is left when its weights are those of its effective number. */
function oneCase({ weights }: UsableSample): number {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.reduce((a, b) => a + b * b, 0) / sum;
}

/**
 * Isotonic calibration (Zadrozny & Elkan 2002) of a sample. One scam and one genuine case are added at each end first:
 * by the rule of succession (Laplace) no share is 0 or 1. Between the centres of its blocks, which it meets, the
 * function is a straight line, as in centred isotonic regression (Oron & Flournoy 2017), so that cases tie no more
 * than their margins do; the line is drawn in log odds, where margins that need no calibration stay as they are. From
 * the centres of the end blocks to the outermost margins seen the log odds go on by 0.1, and are level beyond.
 *
 * No calibration at all when margins do not differ or all fall into one block: it would make every case tie. Rows whose
 * margin is NaN and rows of weight 0 are left out.
 */
export function fitIsotonic(sample: CalibrationSample): Calibrator {
  const rows = usable(sample);
  if (rows.margins.length === 0 || !differ(rows)) return uncalibrated;
  const blocks = thinned(pooled(rows, oneCase(rows)), maxBlocks);
  if (blocks.length === 1) return uncalibrated;
  const knots = blocks.map(({ centre, scams, weight }) => [centre, Math.log(scams / (weight - scams))] as const);
  const [first, last] = [knots[0]!, knots.at(-1)!];
  const [low, high] = [rows.margins[0]!, rows.margins.at(-1)!];
  const ends = {
    before: low < first[0] ? [[low, first[1] - endRise] as const] : [],
    after: high > last[0] ? [[high, last[1] + endRise] as const] : [],
  };
  return calibratorOf(risingThrough([...ends.before, ...knots, ...ends.after]), blocks.length);
}
