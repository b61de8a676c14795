import type { Constant, Node } from './write.ts';

/** Nodes and constants of a graph that is being put together; names must be unique within it. */
export interface GraphParts {
  readonly nodes: Node[];
  readonly constants: Constant[];
}

/** Adds a constant row `[1, n]` of doubles and answers its name. */
export function rowConstant(parts: GraphParts, name: string, values: ArrayLike<number>): string {
  parts.constants.push({ name, dims: [1, values.length], values });
  return name;
}

/** Puts `[N, a]`, `[N, b]`, … side by side; a single tensor stays as it is. */
export function concat(parts: GraphParts, inputs: readonly string[], output: string): string {
  if (inputs.length === 1) return inputs[0]!;
  parts.nodes.push({ op: 'Concat', inputs, output, attributes: { axis: 1 } });
  return output;
}
