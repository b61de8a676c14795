import type { CandidateReport, Gate } from '../../shared/contract/registry.ts';
import type { TacticGroup } from '../../shared/domain/tactic-groups.ts';
import { tagText } from '../../shared/domain/tactics.ts';
import { inTurn, listed, sentence, type Sentence } from '../../shared/language/sentence.ts';
import { gateInside, inRow } from '../../shared/releases/gate-sentence.ts';
import type { Evidence } from '../../shared/releases/evidence.ts';
import { proposeCandidate } from '../releases/candidates.ts';
import type { Candidate } from './hold-out-evaluation.ts';
import type { LabelledCase } from '../../learning/data/labelled-cases.ts';
import type { Champion, RetrainingCycle } from './cycle.ts';
import type { Learnable } from './tactics.ts';

function shareOf(value: number | null | undefined): Sentence {
  return value === null || value === undefined
    ? sentence('retraining.unknown_share')
    : sentence('retraining.share', { share: value });
}

/** What the gates could not tell for want of cases: the approver has to know before signing. */
export function openSentences(gates: readonly Gate[]): Sentence[] {
  const open = gates.filter((gate) => gate.result === 'cannot_tell').map(({ name }) => gateInside(name));
  return open.length === 0 ? [] : [sentence('retraining.gates_open', { gates: inRow(open) })];
}

function leftSentences(left: Learnable['left']): Sentence[] {
  const each = left.map(({ tag, incidents }) =>
    sentence('retraining.tactic_count', { tactic: tagText(tag), incidents }),
  );
  return each.length === 0 ? [] : [sentence('retraining.does_not_read', { tactics: listed(each) })];
}

function comparison(
  { gates, result, recipe }: Pick<Candidate, 'gates' | 'result' | 'recipe'>,
  champion: Pick<Champion, 'manifest'> | null,
  reads: readonly TacticGroup[],
): Sentence[] {
  const [missed, accused] = gates;
  const own = {
    version: result.manifest.model.version,
    missed: shareOf(missed?.figure),
    accused: shareOf(accused?.figure),
  };
  if (champion === null) return [sentence('retraining.first_model', own)];
  const now = {
    current: champion.manifest.model.version,
    missedNow: shareOf(missed?.champion),
    accusedNow: shareOf(accused?.champion),
  };
  const tactics = listed(reads.map((group) => tagText(group.tag)));
  return [
    sentence('retraining.beside_current', { ...own, ...now }),
    ...(recipe.schema.version > champion.manifest.schema.version ? [sentence('retraining.reads', { tactics })] : []),
  ];
}

/** What an approver reads of a candidate before its gates: how it compares, what it cannot read, what is open. */
export function candidateSentence(
  candidate: Pick<Candidate, 'gates' | 'result' | 'recipe'>,
  champion: Pick<Champion, 'manifest'> | null,
  { promoted, left }: Learnable,
): Sentence {
  return inTurn([
    ...comparison(candidate, champion, promoted),
    ...leftSentences(left),
    ...openSentences(candidate.gates),
  ]);
}

/** Held-out cases as the evidence a candidate comes with. */
export function evidenceOf(holdOut: readonly LabelledCase[]): Evidence {
  return {
    format: 'outpost.evidence/1',
    rows: holdOut.map((one) => ({
      facts: one.known.facts,
      label: one.label,
      weight: one.weight,
      incident: one.group,
      received: one.known.received,
    })),
  };
}

/** Proposes a judged candidate for approval with its evidence; answers its report. */
export async function propose(
  { context, request, champion, holdOut }: RetrainingCycle,
  candidate: Candidate,
  tactics: Learnable,
): Promise<CandidateReport> {
  const { result, gates, flips, run, heldOut } = candidate;
  return proposeCandidate(
    context,
    {
      model: result.model,
      manifest: new TextEncoder().encode(JSON.stringify(result.manifest)),
      evidence: evidenceOf(holdOut),
      champion: champion && champion.reference,
      gates,
      flips,
      run,
      heldOut,
      sentence: candidateSentence(candidate, champion, tactics),
    },
    request.by,
  );
}
