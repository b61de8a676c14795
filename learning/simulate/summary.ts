import { addDays } from '../../shared/drift/days.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import type { SimulatedCase, SimulationOptions } from './index.ts';
import { createPosterior } from './posterior.ts';

/** Counts of what was recorded by the last day. `late`: would be recorded after it. */
interface LabelCounts {
  scam: number;
  genuine: number;
  inconclusive: number;
  late: number;
  missing: number;
  /** Of the recorded labels: scams called genuine, and genuine providers called scam. */
  scamCalledGenuine: number;
  genuineCalledScam: number;
}

/** What a simulation holds. Shares are from 0 to 1. */
interface Summary {
  readonly simulated: true;
  readonly cases: number;
  readonly scams: number;
  readonly shareGenuine: number;
  readonly incidents: number;
  readonly scammers: number;
  /** Most cases of one scammer. */
  readonly largestScammer: number;
  readonly byOffice: Readonly<Record<string, { readonly cases: number; readonly scams: number }>>;
  /** Share of cases by question that leave it open. */
  readonly missing: Readonly<Record<string, number>>;
  readonly labels: Readonly<LabelCounts>;
  /** AUC of the best possible probability that reads what a model of the complaints schema reads; null with one label. */
  readonly bestPossibleAuc: number | null;
}

const bins = 16_384;
const widest = 32;

/** AUC (ties count half) over bins of the log odds, so that memory does not grow with the number of cases. */
export function createBinnedAuc(): { see: (probability: number, truth: 0 | 1) => void; auc: () => number | null } {
  const counts = [new Float64Array(bins), new Float64Array(bins)] as const;
  return {
    see: (probability, truth) => {
      const odds = Math.min(widest, Math.max(-widest, Math.log(probability / (1 - probability))));
      counts[truth][Math.min(bins - 1, Math.floor(((odds + widest) / (2 * widest)) * bins))]! += 1;
    },
    auc: () => {
      let [below, pairs, scams] = [0, 0, 0];
      for (let b = 0; b < bins; b++) {
        pairs += counts[1][b]! * (below + counts[0][b]! / 2);
        below += counts[0][b]!;
        scams += counts[1][b]!;
      }
      return below === 0 || scams === 0 ? null : pairs / (below * scams);
    },
  };
}

function countLabel(labels: LabelCounts, { outcome, truth, received, outcomeDelayDays }: SimulatedCase, last: string) {
  if (outcome === null) labels.missing += 1;
  else if (addDays(received, outcomeDelayDays) > last) labels.late += 1;
  else if (outcome === 'inconclusive') labels.inconclusive += 1;
  else {
    labels[outcome === 'confirmed_scam' ? 'scam' : 'genuine'] += 1;
    if (truth === 1 && outcome === 'genuine_provider') labels.scamCalledGenuine += 1;
    if (truth === 0 && outcome === 'confirmed_scam') labels.genuineCalledScam += 1;
  }
}

/** What is counted of the cases that passed by: a number per scammer, office and question, never the cases. */
function createCounts() {
  return {
    cases: 0,
    scams: 0,
    incidents: 0,
    byScammer: new Map<string, number>(),
    byOffice: {} as Record<string, { cases: number; scams: number }>,
    open: new Map(complaintsSchema.attributes.map(({ name }) => [name, 0])),
    labels: { scam: 0, genuine: 0, inconclusive: 0, late: 0, missing: 0, scamCalledGenuine: 0, genuineCalledScam: 0 },
  };
}

function count(counts: ReturnType<typeof createCounts>, one: SimulatedCase, last: string): void {
  const { byScammer, byOffice, open } = counts;
  counts.cases += 1;
  counts.scams += one.truth;
  if (!one.further) counts.incidents += 1;
  if (one.scammer !== null) byScammer.set(one.scammer, (byScammer.get(one.scammer) ?? 0) + 1);
  const office = (byOffice[one.office] ??= { cases: 0, scams: 0 });
  office.cases += 1;
  office.scams += one.truth;
  for (const [name, n] of open) if (one.facts.attributes[name] === undefined) open.set(name, n + 1);
  countLabel(counts.labels, one, last);
}

/** Counts the cases of a simulation as they pass by; the summary is that of all it saw. */
export function createSummary(options: SimulationOptions): {
  readonly see: (one: SimulatedCase) => void;
  readonly summary: () => Summary;
} {
  const counts = createCounts();
  const best = createBinnedAuc();
  const posterior = createPosterior(options, 'answers');
  const last = addDays(options.from, options.days - 1);
  return {
    see: (one) => {
      count(counts, one, last);
      best.see(posterior(one), one.truth);
    },
    summary: () => {
      const { cases, scams, incidents, byScammer, byOffice, labels } = counts;
      return {
        simulated: true,
        cases,
        scams,
        shareGenuine: 1 - scams / cases,
        incidents,
        scammers: byScammer.size,
        largestScammer: [...byScammer.values()].reduce((a, b) => Math.max(a, b), 0),
        byOffice,
        missing: Object.fromEntries([...counts.open].map(([name, n]) => [name, n / cases])),
        labels,
        bestPossibleAuc: best.auc(),
      };
    },
  };
}
