import { aheadLines, datedAhead } from '../../learning/data/future-dates.ts';
import { leakageOf } from '../../learning/dataset/leakage.ts';
import { headOf } from '../../learning/dataset/snapshot.ts';
import type { LoadedData } from '../../learning/data/loaded-data.ts';
import { datasetOfCases } from '../../learning/evaluation/labelled-case-rows.ts';
import { sentence } from '../../shared/language/sentence.ts';
import type { RegistryContext } from '../identity/context.ts';
import { currentSchema } from '../releases/candidates.ts';
import { integrate } from './integrate.ts';
import { knownCasesUnder } from './read-under.ts';
import { isSimulated } from './simulated.ts';

/** What datasets and runs say that their rows come from, where they are the outcomes a registry collected. */
export const feedbackName = 'outpost-registry';

/**
 * Integrates what came in and makes a dataset of the labelled cases of a registry: attributes as they were at intake,
 * weighted by 1 / the chance that they were looked at.
 */
export async function feedbackDataset(
  context: RegistryContext,
  { keepTwins = false }: { readonly keepTwins?: boolean | undefined },
): Promise<LoadedData> {
  await integrate(context.db);
  const described = await currentSchema(context);
  const cases = await knownCasesUnder(context.db, described.schema);
  const all = cases.map((known, i) => ({ line: i + 1, known }));
  const { dataset, rejected, unlabelled } = await datasetOfCases(() => all, described, keepTwins);
  const head = headOf(dataset, {
    from: 'feedback',
    name: feedbackName,
    sha256: null,
    columns: [],
    rejected: rejected.reasons,
    unlabelled,
    simulated: await isSimulated(context),
  });
  const findings = leakageOf(dataset);
  const afterToday = datedAhead(dataset.received, context.clock.now());
  const left = rejected.reasons.map(({ why, rows: n }) => sentence('cases.left_out_for', { n, why }));
  const lines = [...left, ...aheadLines(afterToday), ...findings.map((finding) => finding.sentence)];
  return { dataset, head, findings, afterToday, lines };
}
