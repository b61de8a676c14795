import { OutpostError } from '../../shared/errors/index.ts';
import { inTurn, sentence, type Sentence } from '../../shared/language/sentence.ts';

/** What a refusal ends with: what it leaves as it was. A laptop keeps scoring with the model it has. */
export type Ending = Sentence | null;

/** The ending on a laptop. */
export const currentStaysActive: Sentence = sentence('models.current_stays_active');

/** A refusal followed by its ending. */
export function ended(refused: Sentence, ending: Ending): Sentence {
  return ending === null ? refused : inTurn([refused, ending]);
}

/** Makes BAD_MANIFEST errors that name the field which is wrong, in words and as `data.field`. */
export function manifestRefusal(ending: Ending): (field: string, what: Sentence, cause?: unknown) => OutpostError {
  return (field, what, cause) =>
    new OutpostError('BAD_MANIFEST', ended(sentence('manifest.refused', { field, what }), ending), {
      cause,
      data: { field },
    });
}
