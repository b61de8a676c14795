import type { CandidateReport, Gate } from '../../shared/contract/registry.ts';
import type { TacticGroup } from '../../shared/domain/tactic-groups.ts';
import { tagText } from '../../shared/domain/tactics.ts';
import type { Evidence } from '../../shared/releases/evidence.ts';
import { proposeCandidate } from '../releases/candidates.ts';
import type { Candidate } from './hold-out-evaluation.ts';
import type { LabelledCase } from '../../learning/data/labelled-cases.ts';
import type { Champion, RetrainingCycle } from './cycle.ts';
import type { Learnable } from './tactics.ts';

function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? 'an unknown share' : `${(100 * value).toFixed(1)} %`;
}

/** What the gates could not tell for want of cases: the approver has to know before signing. */
export function openText(gates: readonly Gate[]): string {
  const open = gates.filter((gate) => gate.result === 'cannot_tell').map((gate) => gate.name.toLowerCase());
  return open.length === 0 ? '' : ` Cannot be told from so few cases: ${open.join('; ')}. That is for you to decide.`;
}

function leftText(left: Learnable['left']): string {
  const each = left.map(({ tag, incidents }) => `${tagText(tag)} (${incidents})`);
  return each.length === 0 ? '' : ` It does not read ${each.join(', ')}: too few labelled cases name it.`;
}

function comparison(
  { gates, result, recipe }: Pick<Candidate, 'gates' | 'result' | 'recipe'>,
  champion: Pick<Champion, 'manifest'> | null,
  reads: readonly TacticGroup[],
): string {
  const [missed, accused] = gates;
  const own = `Model ${result.manifest.model.version} misses ${percent(missed?.figure)} of scams`;
  if (champion === null)
    return `${own} and calls ${percent(accused?.figure)} of genuine providers scam. It is the first.`;
  const isNew = recipe.schema.version > champion.manifest.schema.version;
  const said = isNew ? ` It reads ${reads.map((g) => tagText(g.tag)).join(', ')}.` : '';
  return `${own} where model ${champion.manifest.model.version} misses ${percent(missed?.champion)}, and calls ${percent(accused?.figure)} of genuine providers scam (now ${percent(accused?.champion)}).${said}`;
}

/** What an approver reads of a candidate before its gates: how it compares, what it cannot read, what is open. */
export function sentenceOf(
  candidate: Pick<Candidate, 'gates' | 'result' | 'recipe'>,
  champion: Pick<Champion, 'manifest'> | null,
  { promoted, left }: Learnable,
): string {
  return `${comparison(candidate, champion, promoted)}${leftText(left)}${openText(candidate.gates)}`;
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
      sentence: sentenceOf(candidate, champion, tactics),
    },
    request.by,
  );
}
