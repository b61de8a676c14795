import type { Verdict } from '../../shared/domain/verdict.ts';
import type { CsvProblem } from '../../shared/encoding/csv-facts.ts';
import { counted } from '../../shared/encoding/phrases.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';

const named = 10;

/** Collects what a person should know about a scored file, without repeating a cell of it. */
export interface ScoreNotes {
  columns(unmapped: readonly string[], absent: readonly string[]): void;
  problem(line: number, problem: CsvProblem): void;
  scored(verdict: Verdict, outside: boolean): void;
  /** Lines for standard error. */
  lines(manifest: Manifest): string[];
}

/** Starts with nothing to say; memory does not grow with the file. */
export function createNotes(): ScoreNotes {
  const about: string[] = [];
  const problems: string[] = [];
  const verdicts: Record<Verdict, number> = { scam: 0, unclear: 0, not_scam: 0 };
  let [bad, outside, rows] = [0, 0, 0];
  return {
    columns(unmapped, absent) {
      if (unmapped.length > 0)
        about.push(`Columns that are no attribute of the model's schema, kept but not read: ${unmapped.join(', ')}.`);
      if (absent.length > 0) about.push(`Attributes without a column, counted as unknown: ${absent.join(', ')}.`);
    },
    problem(line, { column, message }) {
      bad += 1;
      if (problems.length < named) problems.push(`  line ${line}, ${column}: ${message}`);
    },
    scored(verdict, isOutside) {
      rows += 1;
      verdicts[verdict] += 1;
      if (isOutside) outside += 1;
    },
    lines({ model }) {
      const more = bad > problems.length ? [`  and ${bad - problems.length} more`] : [];
      const cells =
        bad === 0 ? [] : [`${counted(bad, 'cell')} could not be read and count as unknown:`, ...problems, ...more];
      const simulated = model.simulated ? ' The model was trained on simulated cases.' : '';
      const counts = `${verdicts.scam} scam, ${verdicts.unclear} unclear, ${verdicts.not_scam} not scam; ${outside} outside what the model knows`;
      return [
        ...about,
        ...cells,
        `${counted(rows, 'case')} scored with ${model.name}, version ${model.version}: ${counts}.${simulated}`,
      ];
    },
  };
}
