import { sigmoid } from '../trainers/logistic/newton.ts';
import type { GraphParts } from '../onnx/parts.ts';

/** Turns log odds into probabilities of scam, outside and inside the graph alike. */
export interface Calibrator {
  readonly kind: 'none' | 'platt' | 'isotonic';
  /** Probability for log odds; never falls as the log odds rise. */
  readonly probability: (margin: number) => number;
  /** Adds it to a graph: `margin` names a double tensor `[N,1]` of log odds; answers the name of one of probabilities. */
  readonly addTo: (graph: GraphParts, margin: string) => string;
  /** What it is made of, for metrics and model card. */
  readonly summary: Readonly<Record<string, number>>;
}

/** Log odds taken at their word: the logistic function. */
export const uncalibrated: Calibrator = {
  kind: 'none',
  probability: sigmoid,
  addTo(graph, margin) {
    graph.nodes.push({ op: 'Sigmoid', inputs: [margin], output: 'calibrated:none' });
    return 'calibrated:none';
  },
  summary: {},
};
