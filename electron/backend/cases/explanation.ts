import type { z } from 'zod';
import type { explanationSchema } from '../../../shared/contract/views.ts';
import type { OutsideReason } from '../../../shared/domain/outside-reasons.ts';
import { tagText } from '../../../shared/domain/tactics.ts';
import { verdictOf, type Verdict } from '../../../shared/domain/verdict.ts';
import type { EncodedRow } from '../../../shared/encoding/encode.ts';
import type { Manifest } from '../../../shared/encoding/manifest.ts';
import { wordsOf } from '../../../shared/encoding/attribute-words.ts';
import type { DescribedSchema } from '../../../shared/encoding/schema-texts.ts';
import { allOf, inTurn, sentence, type Sentence, type Several, type Text } from '../../../shared/language/sentence.ts';
import type { Contribution, ExplainResult } from '../inference/inference.ts';
import { anythingKnown, isKnown, phraseOf, reasonPhrases, smallestReason } from './phrases.ts';

type Explanation = z.infer<typeof explanationSchema>;
type Part = Explanation['parts'][number];

const shown = 5;
/** Smallest contribution the sentence names, the smallest against the verdict it still mentions, and the move it calls one. */
const named = { for: smallestReason, against: 0.02, gaps: 0.05 };

function partOf(manifest: Manifest, row: EncodedRow, { attribute, value }: Contribution): Part {
  const found = manifest.schema.attributes.find((a) => a.name === attribute);
  return {
    attribute,
    label: found === undefined ? attribute : wordsOf(manifest, found).label,
    phrase: phraseOf(manifest, attribute, row[attribute]),
    value,
  };
}

/**
 * An explanation in words: what points where the verdict points, then what speaks against it. For an unclear case, where
 * the score moved from the typical case counts as its direction. Only known answers are named as reasons.
 */
function explanationSentence(result: ExplainResult, manifest: Manifest, row: EncodedRow): Sentence {
  const { base, score } = result;
  if (!anythingKnown(manifest.schema, row)) return sentence('explanation.nothing_known');
  const verdict = verdictOf(score, manifest.thresholds);
  const moved = score >= base ? 1 : -1;
  const direction = verdict === 'scam' ? 1 : verdict === 'not_scam' ? -1 : moved;
  const known = result.contributions.filter(({ attribute }) => isKnown(row, attribute));
  const phrases = (parts: readonly Contribution[]): Several =>
    allOf(parts.map(({ attribute }) => phraseOf(manifest, attribute, row[attribute])));
  const mostly = known.filter(({ value }) => value * direction >= named.for).slice(0, 3);
  const against = known.filter(({ value }) => -value * direction >= named.against).slice(0, 2);
  const speaks = sentence('explanation.speaks', {
    direction: direction > 0 ? 'against' : 'for',
    phrases: phrases(against),
  });
  const typical = Math.round(base * 100) / 100;
  // What is missing may have moved the score all the same; then it is not close to the typical case.
  const unknown = Math.abs(score - base) >= named.gaps && known.length < result.contributions.length;
  if (mostly.length === 0 && against.length === 0)
    return sentence(unknown ? 'explanation.typical_and_unknown' : 'explanation.typical', { base: typical });
  const first =
    mostly.length === 0
      ? sentence('explanation.rests_on_typical', { base: typical, unknown })
      : sentence('explanation.mostly', { phrases: phrases(mostly) });
  return against.length === 0 ? first : inTurn([first, speaks]);
}

/**
 * An explanation as the window shows it: the five largest parts, the rest as one, the sentence and what would change
 * the score. `row` holds the raw columns that were explained. Units: probability; base + parts + rest = score.
 */
export function explanationOf(result: ExplainResult, manifest: Manifest, row: EncodedRow): Explanation {
  const parts = result.contributions.slice(0, shown).map((c) => partOf(manifest, row, c));
  const rest = result.contributions.slice(shown);
  const listedSum = parts.reduce((sum, part) => sum + part.value, 0);
  return {
    base: result.base,
    score: result.score,
    parts,
    // Taken as what is left, so that the bars meet the score to the last digit.
    rest: { count: rest.length, value: rest.length === 0 ? 0 : result.score - result.base - listedSum },
    sentence: explanationSentence(result, manifest, row),
    changes: result.changes.map(({ attribute, value, score }) => ({
      attribute,
      phrase: partOf(manifest, { ...row, [attribute]: value }, { attribute, value: 0 }).phrase,
      score,
      verdict: verdictOf(score, manifest.thresholds),
    })),
  };
}

/** The two or three reasons of a queue row, as phrases; see `reasonPhrases` for their order. */
export function topReasons(result: ExplainResult, manifest: Manifest, row: EncodedRow, verdict: Verdict): Text[] {
  return reasonPhrases(result.contributions, manifest, row, verdict);
}

function inWords(name: string): string {
  return name.replaceAll('_', ' ');
}

/** What the model could not see of a case, as sentences for the place where the score stands. */
export function outsideSentences(described: DescribedSchema, reasons: readonly OutsideReason[]): Sentence[] {
  const tags = reasons.flatMap((r) => (r.kind === 'tactic' ? [tagText(r.tag)] : []));
  const sentences = tags.length === 0 ? [] : [sentence('outside.tactics', { tactics: allOf(tags), n: tags.length })];
  for (const reason of reasons) {
    if (reason.kind === 'unseen_value') {
      const attribute = described.schema.attributes.find((a) => a.name === reason.attribute);
      const label = attribute === undefined ? inWords(reason.attribute) : wordsOf(described, attribute).name;
      sentences.push(sentence('outside.unseen_value', { value: inWords(reason.value), label }));
    } else if (reason.kind === 'missing') {
      sentences.push(sentence('outside.missing', { share: reason.share }));
    }
  }
  return sentences;
}
