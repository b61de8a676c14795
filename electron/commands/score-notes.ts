import type { Verdict } from '../../shared/domain/verdict.ts';
import type { CsvProblem } from '../../shared/encoding/csv-facts.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { readAsUnknown } from '../../shared/encoding/unknown-spellings.ts';
import { listed, sentence, type Sentence } from '../../shared/language/sentence.ts';

/** Cells that are named by their lines at most. */
const mostNamed = 10;

/** Collects what a person should know about a scored file, without repeating a cell of it. */
export interface ScoreNotes {
  /** Takes the texts that were read as unknown. */
  readonly unknown: Set<string>;
  columns(unmapped: readonly string[], absent: readonly string[]): void;
  problem(line: number, problem: CsvProblem): void;
  scored(verdict: Verdict, outside: boolean): void;
  /** Lines for standard error. */
  lines(manifest: Manifest): Sentence[];
}

/** Starts with nothing to say; memory does not grow with the file. */
export function createNotes(): ScoreNotes {
  const about: Sentence[] = [];
  const problems: Sentence[] = [];
  const verdicts: Record<Verdict, number> = { scam: 0, unclear: 0, not_scam: 0 };
  const unknown = new Set<string>();
  let [bad, outside, rows] = [0, 0, 0];
  return {
    unknown,
    columns(unmapped, absent) {
      if (unmapped.length > 0) about.push(sentence('score.columns_not_read', { columns: listed(unmapped) }));
      if (absent.length > 0) about.push(sentence('score.attributes_absent', { attributes: listed(absent) }));
    },
    problem(line, { why }) {
      bad += 1;
      if (problems.length < mostNamed) problems.push(sentence('score.bad_cell', { line, problem: why }));
    },
    scored(verdict, isOutside) {
      rows += 1;
      verdicts[verdict] += 1;
      if (isOutside) outside += 1;
    },
    lines({ model: { name, version, simulated } }) {
      const more = bad > problems.length ? [sentence('score.more_bad_cells', { n: bad - problems.length })] : [];
      const cells = bad === 0 ? [] : [sentence('score.cells_unreadable', { n: bad }), ...problems, ...more];
      const counts = { scam: verdicts.scam, unclear: verdicts.unclear, notScam: verdicts.not_scam, outside };
      const done = sentence('score.scored', { rows, name, version, simulated, ...counts });
      const spellings = [...unknown].toSorted().map((text) => sentence('score.unknown_spelling', { text }));
      return [...about, ...readAsUnknown(spellings), ...cells, done];
    },
  };
}
