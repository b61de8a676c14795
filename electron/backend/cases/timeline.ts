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

interface Words {
  /** While the score is hidden no sentence names one. */
  readonly hidden: boolean;
  readonly personName: (id: string) => string | null;
  /** Two models may have the same version: one came with the program, one from a registry. */
  readonly modelName: (id: string) => string | null;
}

function scoreSentence({ score, verdict, model }: PublicPayload<'case.scored'>, { modelName }: Words): string {
  const name = modelName(model.id);
  const by = name === null ? `model ${model.version}` : `${name}, version ${model.version}`;
  return `First score ${scoreWords(score)} (${verdictWords[verdict]}) by ${by}.`;
}

function outcomeSentence({ outcome, reason, seen }: PublicPayload<'case.outcome'>): string {
  const why = reason === null ? '' : `, ${reasonWords[reason]}`;
  return `Outcome: ${outcomeWords[outcome]}${why}. ${seen === null ? 'No score was shown.' : `The score shown was ${scoreWords(seen.score)}.`}`;
}

function sentenceOf(event: LogEvent, words: Words): string {
  switch (event.type) {
    case 'case.received': {
      const { urgent } = payloadSchemas['case.received'].parse(event.public);
      return urgent ? 'Taken in; money was leaving or the caller was connected.' : 'Taken in.';
    }
    case 'case.edited':
      return 'Facts were changed.';
    case 'case.scored':
      return words.hidden
        ? 'First score was made.'
        : scoreSentence(payloadSchemas['case.scored'].parse(event.public), words);
    case 'case.outcome':
      return outcomeSentence(payloadSchemas['case.outcome'].parse(event.public));
    default:
      return 'Something was noted by a newer version.';
  }
}

/** The timeline of a case in words. While the score is hidden it names none. */
export function timelineOf(
  events: readonly SealedEvent[],
  options: Words & { readonly receipted: (event: LogEvent) => boolean },
): CaseView['timeline'] {
  return events.map(({ event }) => ({
    id: event.id,
    at: event.at,
    type: event.type,
    person: event.person === null ? null : options.personName(event.person),
    sentence: sentenceOf(event, options),
    receipted: options.receipted(event),
  }));
}
