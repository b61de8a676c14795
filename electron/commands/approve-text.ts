import type { Proposal } from '../../shared/contract/registry.ts';
import { basisPhrase, counted } from '../../shared/encoding/phrases.ts';
import { inEnglish } from '../../shared/errors/in-english.ts';
import { gateSentence } from '../../shared/releases/gate-sentence.ts';
import { holdOutSentence } from '../../shared/releases/hold-out.ts';
import { releaseOf, signedMinimum, targetsDifference } from '../../shared/releases/targets.ts';
import type { Review } from '../backend/approval/review.ts';

function changes({ manifest, champion }: Review): string[] {
  const { model, thresholds, schema } = manifest;
  const names = new Set(champion?.schema.attributes.map((a) => a.name));
  const added = champion === null ? [] : schema.attributes.filter((a) => !names.has(a.name)).map((a) => a.label);
  const before =
    champion === null ? 'none: this is the first release' : `${champion.model.name}, version ${champion.model.version}`;
  return [
    `Candidate:      ${model.name}, version ${model.version}${model.simulated ? ' (trained on simulated cases)' : ''}`,
    `Current model:  ${before}`,
    `Not scam below: ${thresholds.notScamBelow}   Scam from: ${thresholds.scamFrom}${champion === null ? '' : `   (now ${champion.thresholds.notScamBelow} and ${champion.thresholds.scamFrom})`}`,
    `Schema:         ${schema.id}, version ${schema.version}${added.length === 0 ? '' : `; new: ${added.join(', ')}`}`,
    `Trained on:     ${counted(manifest.training.rows, 'case')} up to ${manifest.training.cut ?? 'an unknown date'}; may be installed until ${model.expires}`,
    `Its figures:    ${basisPhrase(manifest.training.basis)}`,
  ];
}

function evidence({ report, recomputed }: Review): string[] {
  if (!recomputed) {
    return ['No evidence: no gate was computed. Nothing says how this model compares with the current one.'];
  }
  return [
    ...(report.heldOut === null ? [] : [`Judged on:      ${inEnglish(holdOutSentence(report.heldOut))}`, '']),
    `Gates, computed again on this machine from ${counted(report.evidenceRows, 'case')}; verdicts that change: ${report.flips}`,
    ...report.gates.map((gate) => `  ${inEnglish(gateSentence(gate))}`),
  ];
}

/** Texts come from the registry: nothing in them may move the cursor or hide a line of what is signed. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ');
}

/** What the approver reads before signing. */
export function reviewText(review: Review): string {
  const { added, changed, removed } = targetsDifference(review.before, review.after);
  const [was, is] = [signedMinimum(review.before), signedMinimum(review.after)];
  return [
    ...changes(review),
    '',
    `The registry says: ${review.report.sentence}`,
    '',
    ...evidence(review),
    '',
    `List of releases, version ${review.before.version} to ${review.after.version}, valid until ${review.after.expires}:`,
    ...added.map((path) => `  + ${path}`),
    ...changed.map((path) => `  ~ ${path}`),
    ...removed.map((path) => `  - ${path}`),
    was === is
      ? `  lowest version offices may run: ${is}`
      : `  lowest version offices may run: RAISED from ${was} to ${is}`,
    '',
  ]
    .map(plain)
    .join('\n');
}

/**
 * What became of the candidate after the signature. `before` is the proposal as it was shown. Names the release, so that
 * the next step can be typed from here.
 */
export function outcomeText(after: Proposal, before: Proposal): string {
  const { state, manifest, threshold } = after;
  const count = after.signatures.length;
  if (state === 'approved') {
    const release = releaseOf(manifest.model.id);
    return plain(
      `Signed. ${count} of ${threshold} signatures: the release ${release} is published. An operator points the offices to it with: registry channel set --release ${release}`,
    );
  }
  const said = count === before.signatures.length ? 'This key signed already; nothing changed.' : 'Signed.';
  return `${said} ${count} of ${threshold} signatures so far; another admin has to sign with another key.`;
}
