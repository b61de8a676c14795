import { wordsOf } from '../../shared/encoding/attribute-words.ts';
import type { Proposal } from '../../shared/contract/registry.ts';
import { basisPhrase } from '../../shared/encoding/figure-basis.ts';
import type { Language } from '../../shared/language/language.ts';
import { inLines, listed, sentence, type Sentence, type Text } from '../../shared/language/sentence.ts';
import { gateSentence } from '../../shared/releases/gate-sentence.ts';
import { holdOutSentence } from '../../shared/releases/hold-out.ts';
import { releaseOf, signedMinimum, targetsDifference } from '../../shared/releases/targets.ts';
import type { Review } from '../backend/approval/review.ts';

function thresholdsLine({ manifest: { thresholds }, champion }: Review): Sentence {
  const { notScamBelow, scamFrom } = thresholds;
  if (champion === null) return sentence('approve.thresholds', { notScamBelow, scamFrom });
  const now = { belowNow: champion.thresholds.notScamBelow, fromNow: champion.thresholds.scamFrom };
  return sentence('approve.thresholds_and_now', { notScamBelow, scamFrom, ...now });
}

function schemaLine({ manifest, champion }: Review): Sentence {
  const { schema } = manifest;
  const { id, version } = schema;
  const names = new Set(champion?.schema.attributes.map((a) => a.name));
  const added =
    champion === null ? [] : schema.attributes.filter((a) => !names.has(a.name)).map((a) => wordsOf(manifest, a).label);
  if (added.length === 0) return sentence('approve.schema', { id, version });
  return sentence('approve.schema_and_new', { id, version, labels: listed(added) });
}

function changes(review: Review): Sentence[] {
  const { manifest, champion } = review;
  const { model, training } = manifest;
  const { name, version, simulated, expires } = model;
  const { rows } = training;
  const cut = training.cut ?? sentence('approve.unknown_date');
  return [
    sentence('approve.candidate', { name, version, simulated }),
    champion === null
      ? sentence('approve.no_current')
      : sentence('approve.current', { name: champion.model.name, version: champion.model.version }),
    thresholdsLine(review),
    schemaLine(review),
    sentence('approve.trained_on', { rows, cut, expires }),
    sentence('approve.basis', { basis: basisPhrase(training.basis) }),
  ];
}

function evidence({ report, recomputed }: Review): Text[] {
  const { heldOut, gates, evidenceRows: rows, flips } = report;
  if (!recomputed) return [sentence('approve.no_evidence')];
  return [
    ...(heldOut === null ? [] : [sentence('approve.judged_on', { cases: holdOutSentence(heldOut) }), '']),
    sentence('approve.gates', { rows, flips }),
    ...gates.map((gate) => sentence('approve.gate', { gate: gateSentence(gate) })),
  ];
}

/** Texts come from the registry: nothing in them may move the cursor or hide a line of what is signed. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ');
}

function minimumLine(was: number, is: number): Sentence {
  if (was === is) return sentence('approve.minimum', { minimum: is });
  return sentence('approve.minimum_raised', { from: was, to: is });
}

/** What the approver reads before signing. */
export function reviewText({ say }: Language, review: Review): string {
  const { added, changed, removed } = targetsDifference(review.before, review.after);
  const list = { from: review.before.version, to: review.after.version, expires: review.after.expires };
  const lines: readonly Text[] = [
    ...changes(review),
    '',
    sentence('approve.registry_says', { text: review.report.sentence }),
    '',
    ...evidence(review),
    '',
    sentence('approve.list', list),
    ...added.map((path) => `  + ${path}`),
    ...changed.map((path) => `  ~ ${path}`),
    ...removed.map((path) => `  - ${path}`),
    minimumLine(signedMinimum(review.before), signedMinimum(review.after)),
    '',
  ];
  return lines.map((line) => plain(say(inLines([line])))).join('\n');
}

/**
 * What became of the candidate after the signature. `before` is the proposal as it was shown. Names the release, so that
 * the next step can be typed from here.
 */
export function outcomeText({ say }: Language, after: Proposal, before: Proposal): string {
  const { state, manifest, threshold } = after;
  const count = after.signatures.length;
  if (state === 'approved') {
    const release = releaseOf(manifest.model.id);
    return plain(say('approve.published', { count, threshold, release }));
  }
  return say(count === before.signatures.length ? 'approve.signed_already' : 'approve.signed', { count, threshold });
}
