import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { verdictSchema } from '../../shared/domain/verdict.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { basisPhrase, counted } from '../../shared/encoding/phrases.ts';
import { inEnglish } from '../../shared/errors/in-english.ts';
import { inLines, sentence, type Sentence, type Text } from '../../shared/language/sentence.ts';
import { chanceWarnings } from '../figures/baseline.ts';
import { figureLabel, formatFigure, formatInterval } from '../figures/figure-names.ts';
import type { TrainMetrics } from './train.ts';
import type { Trainer } from '../trainers/base/trainer.ts';
import { trainers } from '../trainers/index.ts';

function said(text: Text): string {
  return inEnglish(inLines([text]));
}

function figureRows(manifest: Manifest): string[] {
  return Object.entries(manifest.figures).map(([name, f]) => {
    const told = [figureLabel(name), formatFigure(name, f.value), formatInterval(name, f.low, f.high)].map(said);
    return `| ${told.join(' | ')} | ${f.n.toLocaleString('en-GB')} |`;
  });
}

/** What the trainer of a model says of itself. */
function aboutTrainer({ trainer }: TrainMetrics): Trainer['card'] {
  return trainers.find(({ name }) => name === trainer)!.card;
}

const calibrations: Readonly<Record<string, string>> = {
  none: 'Its log odds are taken as they are.',
  platt: 'Its log odds are calibrated by a line (Platt).',
  isotonic: 'Its log odds are calibrated by a rising curve (isotonic regression).',
};

function purpose({ schema }: Manifest): string {
  const use =
    'It gives a probability and one of three verdicts. It never closes a case and accuses nobody: a person decides.';
  return schema.id === complaintsSchema.id
    ? `Tells an investigator how likely a tech-support complaint is to be a scam, so that the right cases are worked first.\n${use}`
    : `Tells how likely a case like those of “${schema.id}” is to have the label 1, here called scam.\n${use}`;
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

/** What is said where verdicts of out-of-fold scores are judged. */
export const otherThresholds = sentence('train.other_thresholds');

/** How many cases were held out, and how many of them are of scammers that are known. */
function held({ holdOut, knownScammers }: TrainMetrics): string {
  if (holdOut.rows === 0) return '';
  const known =
    knownScammers === 0 ? '' : `; ${counted(knownScammers, 'case')} of scammers of whom it has learned other cases`;
  return ` (${counted(holdOut.rows, 'case')}, ${counted(holdOut.scams, 'scam')}${known})`;
}

/** Why shares of verdicts need not keep the rule of the thresholds, where these figures are out of fold. */
function crossFitted({ basis }: TrainMetrics): string {
  return basis === 'out_of_fold' ? ` ${inEnglish(otherThresholds)}` : '';
}

/** How the log loss compares with that of the base rate, as a paragraph; nothing where that is not known. */
function againstBaseRate({ baseline, figures }: TrainMetrics): string {
  if (!baseline) return '';
  const [loss, gain, low, high] = [baseline.logLoss, baseline.gain.value, baseline.gain.low, baseline.gain.high].map(
    (x) => x.toFixed(4),
  );
  const base = `Saying the base rate of every case has a log loss of ${loss}; that less the model's is ${gain} (${low} to ${high}).`;
  return `\n${[base, ...chanceWarnings(baseline, figures['unclear']?.value).map(said)].join('\n')}\n`;
}

/** When the cases were received that a model learned from, to follow their number; nothing where no date is known. */
function receivedText({ from, cut }: Manifest['training']): string {
  if (from === null) return cut === null ? '' : ` received before ${cut}`;
  return ` received from ${from} ${cut === null ? 'on' : `until before ${cut}`}`;
}

/** What makes a case one outside the model; tactics only where the schema knows of any. */
function outsideLimit({ schema, maxMissingShare }: Manifest): string {
  const unknown = `more than ${Math.round(100 * maxMissingShare)} % of the answers unknown`;
  const tactics = schema.understoodTactics.length > 0 || schema.attributes.some(({ kind }) => kind === 'tactic');
  const which = tactics
    ? `with a category it never saw, with ${unknown},\n  or with a tactic not yet understood`
    : `with a category it never saw or with ${unknown}`;
  return `- It knows the values of its training cases. A case ${which} is marked "outside what the model knows".`;
}

/** What a model never reads: of complaints their private part, of another file the columns that are no attribute. */
function neverRead({ schema }: Manifest): string {
  return schema.id === complaintsSchema.id
    ? '- Narratives, names, places, numbers, needs and risk marks are never read.'
    : `- It reads the ${counted(schema.attributes.length, 'attribute')} of its schema and no other column. Whether one of them names people or places, Outpost cannot tell: look at the schema.`;
}

/** Columns that tell the label and were learned from on purpose; nothing where there are none. */
function leaks({ allowedLeaks: columns = [] }: TrainMetrics): string {
  if (columns.length === 0) return '';
  const [tell, named] = columns.length === 1 ? ['tells', 'it'] : ['tell', 'them'];
  return `- It learned from ${columns.join(', ')}, which ${tell} the label almost alone, because --allow-leak named ${named}. What is known only after the outcome makes the figures above far too good.\n`;
}

/** Model card in Markdown: what the model is for, what it was made of, how it did on cases it has not seen, its limits. */
export function modelCard(manifest: Manifest, metrics: TrainMetrics): string {
  const { model, training, thresholds, schema } = manifest;
  const [scam, unclear, notScam] = verdictSchema.options;
  return `# ${model.name}

Version ${model.version}, id \`${model.id}\`, made ${model.created.slice(0, 10)}, to be replaced by ${model.expires}.
SHA-256 of model.onnx: \`${model.sha256}\`.

## What it is for
${purpose(manifest)}

## What it was made of
${model.simulated ? '**Simulated complaints only.** No case of a real person is in it; its figures say nothing about real complaints. Offices that use Outpost replace it by a model trained on their own outcomes.' : `Labelled cases read under the schema “${schema.id}”.`}

${inEnglish(aboutTrainer(metrics).method(metrics.fit))}, over the ${schema.attributes.length} attributes of schema \`${schema.id}\` version ${schema.version}. ${calibrations[metrics.calibration]} Trained on ${counted(training.rows, 'case')}${receivedText(training)} (${counted(metrics.train.scams, 'scam')}, ${metrics.train.genuine.toLocaleString('en-GB')} genuine
providers). Recipe \`${training.run}\`, dataset \`${training.dataset.slice(0, 16)}\`, seed ${training.seed}, trainer ${training.trainer}.

## Verdicts
Score below ${thresholds.notScamBelow}: \`${notScam}\`. From ${thresholds.scamFrom} on: \`${scam}\`. Between: \`${unclear}\`. Set on out-of-fold scores of the training
cases, such that ${inEnglish(thresholdsSetBy(metrics))}.

## Figures
Computed ${basisPhrase(metrics.basis)}${held(metrics)}.${crossFitted(metrics)}

| figure | value | 95 % interval | cases |
|---|---|---|---|
${figureRows(manifest).join('\n')}
${againstBaseRate(metrics)}
## Limits
${outsideLimit(manifest)}
- ${inEnglish(aboutTrainer(metrics).limit)}
${leaks(metrics)}${neverRead(manifest)}
`;
}
