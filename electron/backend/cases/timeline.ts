import type { CaseView } from '../../../shared/contract/views.ts';
import type { Verdict } from '../../../shared/domain/verdict.ts';
import { payloadSchemas, type PublicPayload } from '../../../shared/log/payloads.ts';
import type { LogEvent, SealedEvent } from '../../../shared/log/event.ts';

export const verdictWords: Record<Verdict, string> = { scam: 'scam', unclear: 'unclear', not_scam: 'not scam' };
const outcomeWords = {
  confirmed_scam: 'confirmed scam',
  genuine_provider: 'genuine provider',
  inconclusive: 'inconclusive',
};
const reasonWords = {
  resident_unreachable: 'resident not reached',
  no_evidence: 'no evidence',
  provider_unreachable: 'provider not reached',
  withdrawn: 'complaint withdrawn',
  other: 'another reason',
};

/** A score as people read it everywhere: whole per cent, 1 to 99, since no score is a certainty. */
function scoreWords(score: number): string {
  return `${Math.min(99, Math.max(1, Math.round(score * 100)))} %`;
}

function scoreSentence({ score, verdict, model }: PublicPayload<'case.scored'>): string {
  return `First score ${scoreWords(score)} (${verdictWords[verdict]}) by model ${model.version}.`;
}

function outcomeSentence({ outcome, reason, seen }: PublicPayload<'case.outcome'>): string {
  const why = reason === null ? '' : `, ${reasonWords[reason]}`;
  return `Outcome: ${outcomeWords[outcome]}${why}. ${seen === null ? 'No score was shown.' : `The score shown was ${scoreWords(seen.score)}.`}`;
}

function sentenceOf(event: LogEvent, hidden: boolean): string {
  switch (event.type) {
    case 'case.received': {
      const { urgent } = payloadSchemas['case.received'].parse(event.public);
      return urgent ? 'Taken in; money was leaving or the caller was connected.' : 'Taken in.';
    }
    case 'case.edited':
      return 'Facts were changed.';
    case 'case.scored':
      return hidden ? 'First score was made.' : scoreSentence(payloadSchemas['case.scored'].parse(event.public));
    case 'case.outcome':
      return outcomeSentence(payloadSchemas['case.outcome'].parse(event.public));
    default:
      return 'Something was noted by a newer version.';
  }
}

/** The timeline of a case in words. While the score is hidden it names none. */
export function timelineOf(
  events: readonly SealedEvent[],
  options: { hidden: boolean; personName: (id: string) => string | null; receipted: (event: LogEvent) => boolean },
): CaseView['timeline'] {
  return events.map(({ event }) => ({
    seq: event.seq,
    at: event.at,
    type: event.type,
    person: event.person === null ? null : options.personName(event.person),
    sentence: sentenceOf(event, options.hidden),
    receipted: options.receipted(event),
  }));
}
