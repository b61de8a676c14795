import type { AssessCase, AssessReference } from './input.ts';
import type { Finding } from './report.ts';
import type { Steps } from './steps.ts';

/** How sure: an e-value, which holds under daily looks, or the p-value of one look among several. */
type DriftEvidence = { readonly kind: 'e'; readonly e: number } | { readonly kind: 'p'; readonly p: number };

/** Something a detector saw. */
export interface Detection {
  /** As the report says it. */
  readonly finding: Finding;
  /** How large it is, in the detector's own measure, such as PSI or a share above what was expected. */
  readonly effect: number;
  readonly evidence: DriftEvidence;
  /** What it makes of the report; what only goes with an alarm is `calm`. */
  readonly level: 'alarm' | 'watch' | 'calm';
  /** First day of the stretch in which it shows. */
  readonly since: string;
}

/** What a detector says of the cases so far; the strongest first. */
export interface DriftVerdict {
  readonly detections: readonly Detection[];
}

/** A detector that was fitted on a reference and takes in cases. */
export interface FittedDetector {
  /** Takes in further cases, which were received no earlier than those before. */
  update(cases: readonly AssessCase[]): Steps<void>;
  verdict(): Steps<DriftVerdict>;
}

/** A statistic that watches for drift: fitted on what a model promises, updated by cases, asked for its verdict. */
export interface Detector<F extends FittedDetector = FittedDetector> {
  readonly name: string;
  fit(reference: AssessReference): F;
}
