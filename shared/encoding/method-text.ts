import { sentence, type Sentence } from '../language/sentence.ts';

/** By which method a model was made, in words, from the trainer its manifest names; that of another program by its name. */
export function methodText(trainer: string): Sentence {
  if (trainer.startsWith('outpost-logistic/')) return sentence('models.method_logistic');
  if (trainer.startsWith('outpost-boosting/')) return sentence('models.method_boosting');
  return sentence('models.method_other', { trainer });
}
