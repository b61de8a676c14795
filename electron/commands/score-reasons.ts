import type { CellSays, CsvColumns } from '../../shared/encoding/csv-columns.ts';
import type { ColumnValue } from '../../shared/encoding/encode.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { boundColumns } from '../../shared/encoding/pack.ts';
import type { Language } from '../../shared/language/language.ts';
import { sentence } from '../../shared/language/sentence.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import type { PackedScores } from '../backend/inference/inference.ts';
import { nothingKnown, phraseOf } from '../backend/cases/phrases.ts';

const most = 3;
/** Reasons against the verdict are given only while there are fewer than this. */
const mostAgainst = 2;
/** Values remembered for a column with their phrase. */
const mostRemembered = 20_000;

/** Contributions below this, in log-odds, are not worth a word: at most 2.5 points in a hundred. */
export const smallestQuickReason = 0.1;

/** Log-odds of a float32 probability; one that is rounded to 0 or 1 counts as the nearest that is not. */
export function logOdds(score: number): number {
  const p = Math.min(1 - 1e-7, Math.max(1e-7, score));
  return Math.log(p / (1 - p));
}

/** A column's value in words, as a reason for scam and as one against it. */
interface Phrase {
  readonly forScam: string;
  readonly against: string;
}

/** Says what a column's value is in words; asked for every row, answered once for each value. */
function phrases(manifest: Manifest, name: string, language: Language): (value: ColumnValue) => Phrase {
  const known = new Map<ColumnValue, Phrase>();
  return (value) => {
    const found = known.get(value);
    if (found !== undefined) return found;
    if (known.size >= mostRemembered) known.clear();
    const reason = phraseOf(manifest, name, value);
    const fresh = {
      forScam: language.words(sentence('score.reason_for', { reason })),
      against: language.words(sentence('score.reason_against', { reason })),
    };
    known.set(value, fresh);
    return fresh;
  };
}

/** The largest of some parts, whatever their signs, with their columns, largest first, the earlier column before an equal one. */
interface Largest {
  readonly parts: Float64Array;
  readonly columns: Int32Array;
  count: number;
}

function noneYet(): Largest {
  return { parts: new Float64Array(most), columns: new Int32Array(most), count: 0 };
}

function put(list: Largest, part: number, column: number): void {
  let at = list.count;
  while (at > 0 && Math.abs(list.parts[at - 1]!) < Math.abs(part)) at -= 1;
  if (at === most) return;
  list.parts.copyWithin(at + 1, at, most - 1);
  list.columns.copyWithin(at + 1, at, most - 1);
  list.parts[at] = part;
  list.columns[at] = column;
  if (list.count < most) list.count += 1;
}

/** Reasons of a row of a batch, as phrases. */
export type ReasonsOfRow = (batch: CsvColumns, scored: PackedScores, row: number, verdict: Verdict) => string[];

/**
 * Prepares to give quick reasons for long lists, from scores column by column: for each answered column, the log-odds of
 * the score minus those of the score were it unknown. One extra run per answer instead of thousands, but answers that
 * stand for each other share less fairly than in a full explanation, and the parts do not add up to the score. Log-odds,
 * because at a score near 1 no single answer moves the probability. Reasons that point where the verdict points come
 * first, the largest first. Each says whether it speaks for scam or against it.
 */
export function quickReasons(manifest: Manifest, language: Language): ReasonsOfRow {
  const names = boundColumns(manifest.binding);
  const say = names.map((name) => phrases(manifest, name, language));
  const nothing = language.words(nothingKnown);
  const [agreeing, against] = [noneYet(), noneYet()];
  const collect = (
    cells: readonly (readonly CellSays[])[],
    scored: PackedScores,
    row: number,
    direction: number,
  ): void => {
    const own = logOdds(scored.scores[row]!);
    agreeing.count = 0;
    against.count = 0;
    for (let k = 0; k < names.length; k++) {
      if (cells[k]![row]!.missing) continue;
      const part = own - logOdds(scored.without[k]![row]!);
      if (Math.abs(part) >= smallestQuickReason) put(direction * part >= 0 ? agreeing : against, part, k);
    }
  };
  return (batch, scored, row, verdict) => {
    if (batch.answered[row] === 0) return [nothing];
    if (scored.without.length === 0) return [];
    const cells = names.map((name) => batch.says.get(name)!);
    collect(cells, scored, row, verdict === 'scam' ? 1 : verdict === 'not_scam' ? -1 : 0);
    const few = Math.max(0, Math.min(against.count, mostAgainst - agreeing.count));
    const reasonsOf = (list: Largest, count: number): string[] =>
      Array.from({ length: count }, (_, at) => {
        const k = list.columns[at]!;
        const { forScam, against: other } = say[k]!(cells[k]![row]!.value);
        return list.parts[at]! > 0 ? forScam : other;
      });
    return [...reasonsOf(agreeing, agreeing.count), ...reasonsOf(against, few)];
  };
}
