import type { FigureBasis } from './manifest.ts';

/** A count with its noun, given in the singular: `1 case`, `1,321 cases`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-GB')} ${noun}${count === 1 ? '' : 's'}`;
}

const bases: Readonly<Record<FigureBasis, string>> = {
  held_out: 'on held-out cases this model has not learned from',
  held_out_before_refit:
    'on held-out cases, of the same recipe before it learned from these too: this model was not judged itself',
  out_of_fold: 'on its training cases, each judged by a model made without it (cross-validation)',
  given_cases: 'on the cases given when it was imported; if it learned from them, the figures are too good',
  stated: 'as its maker states them; they were not computed here',
  none: 'none: it was judged on no cases',
};

/** What the figures of a manifest were computed on, to follow "Figures". Older manifests do not say. */
export function basisPhrase(basis: FigureBasis | undefined): string {
  return basis === undefined ? 'on cases the manifest does not name' : bases[basis];
}
