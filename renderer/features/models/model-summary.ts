import type { ModelRow } from '../../../shared/contract/views.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';
import { dateText, localDate } from '../../language/format.ts';

/** Which model scores now, and since when. */
export function leadText(model: Pick<ModelRow, 'name' | 'version' | 'activatedAt'>, now: number): Sentence {
  const name = sentence('window_models.name', { name: model.name, version: model.version });
  return model.activatedAt === null
    ? sentence('window_models.lead_now', { name })
    : sentence('window_models.lead_since', { name, date: dateText(localDate(Date.parse(model.activatedAt)), now) });
}

/** A share as so many of a hundred, never rounded to all or none of them. */
function ofHundred(share: number): number {
  const whole = Math.round(share * 100);
  if (share > 0 && whole === 0) return 1;
  return share < 1 && whole === 100 ? 99 : whole;
}

/** How good a model is, in people: of a hundred scams, of a hundred genuine providers. */
export function goodnessText({ figures, basis }: Pick<ModelRow, 'figures' | 'basis'>): Sentence {
  const { recall, missed, wrong_accusation: accused } = figures;
  if (basis === 'none' || recall === undefined || missed === undefined || accused === undefined)
    return sentence('window_models.lead_unjudged');
  return sentence('window_models.lead_figures', {
    basis: basis ?? 'held_out',
    recall: ofHundred(recall.value),
    missed: ofHundred(missed.value),
    accused: ofHundred(accused.value),
  });
}
