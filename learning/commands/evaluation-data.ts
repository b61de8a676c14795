import { readDataset } from '../dataset/dataset-file.ts';
import type { Language } from '../../shared/language/language.ts';
import type { Command } from 'commander';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { inLines, listed, sentence, type Text } from '../../shared/language/sentence.ts';
import type { VerdictCosts } from '../../shared/metrics/index.ts';
import type { ReadingWatch } from '../data/csv-rows.ts';
import { kindOfFile } from '../data/file-kind.ts';

import { absentLines, casesOfDataset } from '../evaluation/dataset-cases.ts';
import { readCases, type CasesColumns, type CasesFile } from '../evaluation/read-cases.ts';
import { defaultCosts } from '../evaluation/settings.ts';
import { effectiveCount } from '../statistics/effective-sample-size.ts';
import { readCasesToJudge } from '../evaluation/labelled-case-rows.ts';
import { threeCosts } from './train-settings.ts';
import {
  columnOptions,
  requireNoColumns,
  usualLabel,
  withLabelledColumns,
  worthLines,
  type LabelledFileOptions,
} from './training-data.ts';

/** Options of every command that judges models on labelled cases. */
export interface EvaluationOptions extends LabelledFileOptions {
  readonly costs?: readonly [number, number, number];
}

/** Adds the options that say which cases a model is judged on. */
export function withEvaluationData(command: Command, language: Language): Command {
  const costs = language.say('evaluate.costs');
  return withLabelledColumns(command, language).option('--costs <missed,accused,visit>', costs, threeCosts(language));
}

/** What verdicts cost by the options, in visits. */
export function costsOf({ costs }: EvaluationOptions): VerdictCosts {
  if (costs === undefined) return defaultCosts;
  const [missed, accused, visit] = costs;
  return { missed: missed / visit, accused: accused / visit, unclear: 1 };
}

/** Cases a model is judged on, with what a person should know of how they were read. */
export interface EvaluationData {
  readonly file: CasesFile;
  readonly lines: readonly Text[];
}

function lines({ weights, rows, read: { rejected, unlabelled, unmapped, notes } }: CasesFile): Text[] {
  const reasons = rejected.reasons.slice(0, 5).map(({ why, rows: n }) => sentence('rows.left_out_for', { n, why }));
  return [
    ...notes,
    ...(unmapped.length > 0 ? [sentence('rows.not_read', { columns: listed(unmapped) })] : []),
    ...(unlabelled > 0 ? [sentence('rows.unlabelled', { n: unlabelled })] : []),
    ...(rejected.total > 0 ? [inLines([sentence('rows.left_out', { n: rejected.total }), ...reasons])] : []),
    ...worthLines(rows, { effective: effectiveCount(weights), largest: weights.reduce((a, b) => Math.max(a, b), 0) }),
  ];
}

function fromDataset(options: EvaluationOptions, manifest: Manifest, texts: readonly string[] = []): EvaluationData {
  requireNoColumns('dataset', { ...columnOptions(options) });
  const { dataset } = readDataset(options.data);
  const file = casesOfDataset(dataset, manifest, texts);
  return { file, lines: [...lines(file), ...absentLines(manifest, dataset.schema)] };
}

/**
 * Reads the cases the options name as a model reads them. `texts` are columns to keep as they stand, `textsIfThere` those
 * that need not be there. Throws as `readCases` and `casesOfDataset` do.
 */
export async function loadEvaluationData(
  options: EvaluationOptions,
  manifest: Manifest,
  kept: Pick<CasesColumns, 'texts' | 'textsIfThere'> = {},
  watch?: ReadingWatch,
): Promise<EvaluationData> {
  const kind = await kindOfFile(options.data);
  if (kind === 'dataset') return fromDataset(options, manifest, kept.texts);
  const { data, label = usualLabel } = options;
  if (kind === 'cases') {
    requireNoColumns('cases', { ...columnOptions(options) });
    const cases = await readCasesToJudge(data, manifest, kept);
    return { file: cases, lines: lines(cases) };
  }
  const columns = { ...columnOptions(options), label, ...kept };
  const file = await readCases(data, manifest, columns, watch);
  return { file, lines: lines(file) };
}
