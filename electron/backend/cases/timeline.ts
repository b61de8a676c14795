import type { CaseView } from '../../../shared/contract/views.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';
import { payloadSchemas, type PublicPayload } from '../../../shared/log/payloads.ts';
import type { LogEvent, SealedEvent } from '../../../shared/log/event.ts';

/** A score as people read it everywhere: whole per cent, 1 to 99, since no score is a certainty. */
function wholePercent(score: number): number {
  return Math.min(99, Math.max(1, Math.round(score * 100))) / 100;
}

interface Surroundings {
  /** While the score is hidden no sentence names one. */
  readonly hidden: boolean;
  readonly personName: (id: string) => string | null;
  /** Two models may have the same version: one came with the program, one from a registry. */
  readonly modelName: (id: string) => string | null;
}

/** What an entry says: what was done or found out, and what of that is about the score. */
interface EventWords {
  readonly sentence: Sentence | null;
  readonly score: Sentence | null;
}

function scored({ score, verdict, model }: PublicPayload<'case.scored'>, { modelName }: Surroundings): Sentence {
  const name = modelName(model.id);
  const by =
    name === null
      ? sentence('timeline.model', { version: model.version })
      : sentence('timeline.named_model', { name, version: model.version });
  return sentence('timeline.scored', { score: wholePercent(score), verdict, by });
}

function outcomeOf({ outcome, reason, seen }: PublicPayload<'case.outcome'>): EventWords {
  return {
    sentence: sentence('timeline.outcome', { outcome, reason: reason ?? 'none' }),
    score:
      seen === null
        ? sentence('timeline.no_score_shown')
        : sentence('timeline.score_shown', { score: wholePercent(seen.score) }),
  };
}

function wordsOfEvent(event: LogEvent, surroundings: Surroundings): EventWords {
  const only = (words: Sentence): EventWords => ({ sentence: words, score: null });
  switch (event.type) {
    case 'case.received': {
      const { urgent, import: imported } = payloadSchemas['case.received'].parse(event.public);
      if (imported !== undefined) return only(sentence('timeline.imported'));
      return only(urgent ? sentence('timeline.received_urgent') : sentence('timeline.received'));
    }
    case 'case.edited':
      return only(sentence('timeline.edited'));
    case 'case.scored': {
      if (surroundings.hidden) return { sentence: null, score: sentence('timeline.scored_hidden') };
      return { sentence: null, score: scored(payloadSchemas['case.scored'].parse(event.public), surroundings) };
    }
    case 'case.outcome':
      return outcomeOf(payloadSchemas['case.outcome'].parse(event.public));
    default:
      return only(sentence('timeline.newer'));
  }
}

/** The timeline of a case in sentences. While the score is hidden they name none. */
export function timelineOf(
  events: readonly SealedEvent[],
  options: Surroundings & { readonly receipted: (event: LogEvent) => boolean },
): CaseView['timeline'] {
  return events.map(({ event }) => ({
    id: event.id,
    at: event.at,
    type: event.type,
    person: event.person === null ? null : options.personName(event.person),
    ...wordsOfEvent(event, options),
    receipted: options.receipted(event),
  }));
}
