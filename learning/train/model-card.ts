import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { verdictSchema } from '../../shared/domain/verdict.ts';
import { headersOfFile } from '../../shared/encoding/headers-of-file.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { basisPhrase } from '../../shared/encoding/figure-basis.ts';
import { inEnglish } from '../../shared/errors/in-english.ts';
import {
  inLines,
  inTurn,
  listed,
  sentence,
  type ArgumentsOf,
  type Sentence,
  type Text,
} from '../../shared/language/sentence.ts';
import { chanceWarnings } from '../figures/baseline.ts';
import { figureLabel, formatFigure, formatInterval } from '../figures/figure-names.ts';
import type { TrainMetrics } from './train-metrics.ts';
import type { Trainer } from '../trainers/base/trainer.ts';
import { trainers } from '../trainers/index.ts';

function figureRows(manifest: Manifest): Sentence[] {
  return Object.entries(manifest.figures).map(([name, { value, low, high, n }]) => {
    const interval = formatInterval(name, low, high);
    return sentence('card.figure', { label: figureLabel(name), value: formatFigure(name, value), interval, n });
  });
}

/** What the trainer of a model says of itself. */
function aboutTrainer({ trainer }: TrainMetrics): Trainer['card'] {
  return trainers.find(({ name }) => name === trainer)!.card;
}

function purpose({ schema }: Manifest): Sentence {
  const isOfComplaints = schema.id === complaintsSchema.id;
  return inLines([
    isOfComplaints ? sentence('card.for_complaints') : sentence('card.for_cases_like', { schema: schema.id }),
    sentence('card.decides_nothing'),
  ]);
}

/** What the thresholds were set by, as a clause that goes on after "such that". */
export function thresholdsSetBy({
  thresholdRule,
  beyondRule,
}: Pick<TrainMetrics, 'thresholdRule' | 'beyondRule'>): Sentence {
  switch (thresholdRule.by) {
    case 'shares': {
      const { missed, wrongAccusation: accused } = thresholdRule;
      if (beyondRule === undefined) return sentence('train.rule_shares', { missed, accused });
      const wanted = { wantedMissed: missed, wantedAccused: accused };
      const reached = { missed: beyondRule.missed, accused: beyondRule.wrongAccusation };
      return sentence('train.rule_shares_beyond', { ...reached, ...wanted });
    }
    case 'costs': {
      const { missedScam: missed, wrongAccusation: accused, visit } = thresholdRule;
      return sentence('train.rule_costs', { missed, accused, visit });
    }
    case 'recall':
      return sentence('train.rule_recall', { recall: thresholdRule.recall, unclear: thresholdRule.unclear });
  }
}

/** What the card adds where verdicts of out-of-fold scores are judged. */
export const otherThresholds = sentence('train.other_thresholds');

/** What the figures were computed on: how many cases were held out, and how many of them are of scammers that are known. */
function computed({ basis, holdOut, knownScammers: known }: TrainMetrics): Sentence {
  const on = basisPhrase(basis);
  const text =
    holdOut.rows === 0
      ? sentence('card.computed', { basis: on })
      : sentence('card.computed_on', { basis: on, cases: holdOut.rows, scams: holdOut.scams, known });
  // Shares of verdicts need not keep the rule of the thresholds, where these figures are out of fold.
  return basis === 'out_of_fold' ? inTurn([text, otherThresholds]) : text;
}

/** How the log loss compares with that of the base rate, as a paragraph; nothing where that is not known. */
function againstBaseRate({ baseline, figures }: TrainMetrics): Sentence[] {
  if (!baseline) return [];
  const { value: gain, low, high } = baseline.gain;
  const base = sentence('card.base_rate', { loss: baseline.logLoss, gain, low, high });
  return [inLines([base, ...chanceWarnings(baseline, figures['unclear']?.value)])];
}

/** When the cases were received that a model learned from. */
function receivedText({ from, cut }: Manifest['training']) {
  const received = from === null ? (cut === null ? 'unknown' : 'before') : cut === null ? 'from' : 'between';
  return { received, from: from ?? '', cut: cut ?? '' } as const;
}

function madeOf({ schema, training }: Manifest, metrics: TrainMetrics): Sentence {
  return sentence('card.made_of', {
    method: aboutTrainer(metrics).method(metrics.fit),
    attributes: schema.attributes.length,
    schema: schema.id,
    version: schema.version,
    calibration: metrics.calibration,
    cases: training.rows,
    ...receivedText(training),
    scams: metrics.train.scams,
    genuine: metrics.train.genuine,
    recipe: training.run,
    dataset: training.dataset.slice(0, 16),
    seed: training.seed,
    trainer: training.trainer,
  });
}

/** What makes a case one outside the model; tactics only where the schema knows of any. */
function outsideLimit({ schema, maxMissingShare: share }: Manifest): Sentence {
  const hasTactics = schema.understoodTactics.length > 0 || schema.attributes.some(({ kind }) => kind === 'tactic');
  return sentence(hasTactics ? 'card.knows_values_and_tactics' : 'card.knows_values', { share });
}

/** What a model never reads: of complaints their private part, of another file the columns that are no attribute. */
function neverRead({ schema }: Manifest): Sentence {
  if (schema.id === complaintsSchema.id) return sentence('card.never_read');
  return sentence('card.reads_schema', { n: schema.attributes.length });
}

/** Columns that tell the label and were learned from on purpose; nothing where there are none. */
function leaks({ texts }: Manifest, { allowedLeaks = [] }: TrainMetrics): Sentence[] {
  const columns = allowedLeaks.map(headersOfFile(texts));
  if (columns.length === 0) return [];
  return [sentence('card.learned_leaks', { columns: listed(columns), n: columns.length })];
}

function verdicts({ thresholds }: Manifest, metrics: TrainMetrics): Sentence {
  const { scam, unclear, not_scam: notScam } = verdictSchema.enum;
  return sentence('card.verdicts', { ...thresholds, scam, unclear, notScam, rule: thresholdsSetBy(metrics) });
}

type Section = ArgumentsOf<'card.heading'>[0]['section'];

/** The parts of a card: headings, each with its paragraphs. */
function sectionsOf(manifest: Manifest, metrics: TrainMetrics): [Section, Text[]][] {
  const { model, schema } = manifest;
  const table = inLines([sentence('card.figures_head'), '|---|---|---|---|', ...figureRows(manifest)]);
  const limits = [
    outsideLimit(manifest),
    aboutTrainer(metrics).limit,
    ...leaks(manifest, metrics),
    neverRead(manifest),
  ];
  return [
    ['purpose', [purpose(manifest)]],
    [
      'made_of',
      [
        model.simulated ? sentence('card.simulated') : sentence('card.labelled', { schema: schema.id }),
        madeOf(manifest, metrics),
      ],
    ],
    ['verdicts', [verdicts(manifest, metrics)]],
    ['figures', [computed(metrics), table, ...againstBaseRate(metrics)]],
    ['limits', [inLines(limits.map((limit) => `- ${inEnglish(limit)}`))]],
  ];
}

/**
 * Model card in Markdown: what the model is for, what it was made of, how it did on cases it has not seen, its limits. In
 * English whatever language the program speaks: it goes to offices with the model, and the same run gives the same bytes.
 */
export function modelCard(manifest: Manifest, metrics: TrainMetrics): string {
  const { name, version, id, created, expires, sha256 } = manifest.model;
  const made = sentence('card.version', { version, id, created: created.slice(0, 10), expires, sha256 });
  const paragraphs = sectionsOf(manifest, metrics).map(([section, texts]) => {
    const heading = inEnglish(sentence('card.heading', { section }));
    return `## ${heading}\n${texts.map((text) => inEnglish(inLines([text]))).join('\n\n')}`;
  });
  return `${[`# ${name}`, inEnglish(made), ...paragraphs].join('\n\n')}\n`;
}
