import { z } from 'zod';
import type { Gate } from '../contract/registry.ts';
import { factsSchema } from '../domain/facts.ts';
import { verdictOf, type Thresholds } from '../domain/verdict.ts';
import { OutpostError } from '../errors/index.ts';
import { dateSchema } from '../log/event.ts';
import { auc, countVerdicts, logLoss, ratesOf } from '../metrics/index.ts';

/** One labelled case the candidate was judged on: its facts as they were at intake, and 1 scam or 0 genuine provider. */
export const evidenceRowSchema = z.strictObject({
  facts: factsSchema,
  label: z.union([z.literal(0), z.literal(1)]),
  received: dateSchema,
});
export type EvidenceRow = z.infer<typeof evidenceRowSchema>;

/** The cases a candidate's gates were computed on, so that an admin's machine can compute them again. */
export const evidenceSchema = z.strictObject({ format: z.literal('outpost.evidence/1'), rows: z.array(evidenceRowSchema).max(50_000) });
export type Evidence = z.infer<typeof evidenceSchema>;

/** Parses the text of an evidence file; BAD_INPUT when it is none. */
export function parseEvidence(text: string): Evidence {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw new OutpostError('BAD_INPUT', 'The evidence is no JSON text.', { cause });
  }
  const parsed = evidenceSchema.safeParse(raw);
  if (!parsed.success) throw new OutpostError('BAD_INPUT', 'The evidence has not the form of evidence.', { cause: parsed.error });
  return parsed.data;
}

/** Scores of one model on the evidence, with its thresholds. */
export interface Judged {
  readonly scores: readonly number[];
  readonly thresholds: Thresholds;
}

type Figure = (labels: readonly number[], judged: Judged) => { figure: number; n: number };

function rate(pick: 'recall' | 'missed' | 'wrongAccusation' | 'unclear'): Figure {
  return (labels, judged) => {
    const rates = ratesOf(countVerdicts({ labels, scores: judged.scores }, judged.thresholds));
    const scams = labels.filter((label) => label === 1).length;
    const n = { recall: scams, missed: scams, wrongAccusation: labels.length - scams, unclear: labels.length }[pick];
    return { figure: rates[pick].value, n };
  };
}

/**
 * Figures a gate may be about, by the gate's name. Shares follow the two thresholds of the model: `recall` scams with
 * verdict scam, `missed` scams with verdict not_scam, `wrong_accusation` genuine providers with verdict scam.
 */
export const gateFigures: Readonly<Record<string, Figure>> = {
  recall: rate('recall'),
  missed: rate('missed'),
  wrong_accusation: rate('wrongAccusation'),
  unclear: rate('unclear'),
  auc: (labels, { scores }) => ({ figure: auc({ labels, scores }), n: labels.length }),
  log_loss: (labels, { scores }) => ({ figure: logLoss({ labels, scores }), n: labels.length }),
};

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/**
 * Computes one gate from scores on the evidence. Below `needed` cases, or without a figure, the answer is
 * "cannot tell". Throws BAD_INPUT for a name that is no known figure.
 */
export function computeGate(
  rule: { readonly name: string; readonly limit: number; readonly comparison: Gate['comparison']; readonly needed: number },
  labels: readonly number[],
  candidate: Judged,
  champion: Judged | null,
): Gate {
  const compute = Object.hasOwn(gateFigures, rule.name) ? gateFigures[rule.name] : undefined;
  if (compute === undefined) throw new OutpostError('BAD_INPUT', `There is no figure named ${rule.name}.`);
  const { figure, n } = compute(labels, candidate);
  const theirs = champion === null ? null : finite(compute(labels, champion).figure);
  const holds = rule.comparison === 'at_least' ? figure >= rule.limit : figure <= rule.limit;
  const known = n >= rule.needed && Number.isFinite(figure);
  const result = known ? (holds ? 'holds' : 'fails') : 'cannot_tell';
  return { name: rule.name, figure: finite(figure), limit: rule.limit, comparison: rule.comparison, champion: theirs, n, result };
}

/** How many cases change their verdict from the champion to the candidate; 0 without a champion. */
export function countFlips(candidate: Judged, champion: Judged | null): number {
  if (champion === null) return 0;
  return candidate.scores.filter((score, i) => verdictOf(score, candidate.thresholds) !== verdictOf(champion.scores[i] ?? 0, champion.thresholds)).length;
}

/** Largest difference between a reported and a recomputed figure that is rounding, not a different model. */
export const figureTolerance = 1e-6;

function near(a: number | null, b: number | null): boolean {
  return a === b || (a !== null && b !== null && Math.abs(a - b) <= figureTolerance);
}

/**
 * What of a reported gate the evidence does not bear out, or null when it all does. A gate whose name is no known
 * figure cannot be recomputed, which is said too.
 */
export function gateProblem(reported: Gate, labels: readonly number[], candidate: Judged, champion: Judged | null): string | null {
  if (!Object.hasOwn(gateFigures, reported.name)) return `${reported.name} cannot be recomputed here`;
  const own = computeGate({ ...reported, needed: 0 }, labels, candidate, champion);
  if (own.n !== reported.n) return `${reported.name} was computed on ${reported.n} cases, the evidence has ${own.n}`;
  if (!near(own.figure, reported.figure)) return `${reported.name} is ${own.figure}, not ${reported.figure}`;
  if (!near(own.champion, reported.champion)) return `${reported.name} of the current model is ${own.champion}, not ${reported.champion}`;
  if (reported.result === 'holds' && own.result !== 'holds') return `${reported.name} does not hold`;
  return null;
}
