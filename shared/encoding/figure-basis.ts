import { sentence, type Sentence } from '../language/sentence.ts';
import type { FigureBasis } from './manifest.ts';

/** What the figures of a manifest were computed on, to follow "Figures". Older manifests do not say. */
export function basisPhrase(basis: FigureBasis | undefined): Sentence {
  return sentence('figures.computed_on', { basis: basis ?? 'unsaid' });
}
