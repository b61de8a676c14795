import { gateSentence } from '../../shared/releases/gate-sentence.ts';
import { holdOutSentence } from '../../shared/releases/hold-out.ts';
import { allOf, listed, quoted, sentence, type Sentence, type Text } from '../../shared/language/sentence.ts';
import { recipeSentence } from './recipes.ts';
import type { RetrainResult } from './retrain.ts';
import type { CycleResult } from './run-cycle.ts';

/** How many stored entries were read. */
export function entriesRead(entries: number): Sentence {
  return sentence('retraining.entries_read', { entries });
}

function recipeLines({ tuningTrials, candidate, cut, search }: RetrainResult): Sentence[] {
  return [
    sentence('retraining.recipes_compared', { cut, search }),
    ...tuningTrials.map(({ recipe, validation }) =>
      sentence('retraining.recipe_tried', {
        logLoss: validation.logLoss,
        recipe: recipeSentence(recipe),
        chosen: recipe === candidate.recipe,
      }),
    ),
  ];
}

function tacticLines({ promoted, left }: RetrainResult): Sentence[] {
  const features = promoted.map(({ tag, spellings }) =>
    sentence('retraining.feature', { tag, spellings: listed(spellings) }),
  );
  return [
    ...(features.length === 0 ? [] : [sentence('retraining.new_features', { features: allOf(features) })]),
    ...left.map(({ tag, incidents }) => sentence('retraining.tactic_left', { tag, incidents })),
  ];
}

/** What came of a retraining, as lines. */
export function retrainLines(result: RetrainResult): Text[] {
  const { candidate, proposed, cut } = result;
  const { heldOut, gates, run } = candidate;
  return [
    ...recipeLines(result),
    ...tacticLines(result),
    heldOut === null
      ? sentence('retraining.judged_on_none', { cut, run })
      : sentence('retraining.judged_on', { cut, run, cases: holdOutSentence(heldOut) }),
    ...gates.map((gate) => sentence('registry.listed_gate', { gate: gateSentence(gate) })),
    proposed === null
      ? sentence('retraining.not_proposed')
      : sentence('retraining.proposed', { candidate: proposed.candidate, words: quoted(proposed.sentence) }),
  ];
}

/** What came of a retraining cycle, as lines. */
export function cycleLines({ integrated, watched, retrained, waiting }: CycleResult): Text[] {
  return [
    entriesRead(integrated),
    ...(watched === null ? [] : [{ joined: 'sentences', items: watched.sentences } as const]),
    ...(retrained === null ? [] : retrainLines(retrained)),
    ...(waiting === null ? [] : [waiting]),
  ];
}
