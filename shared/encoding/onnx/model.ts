/** Input or output of a graph: element type (`float`, `string`, …) and dims, null where the size is free. */
export interface ValueInfo {
  readonly name: string;
  /** Null when the value is not a plain tensor (sequence, map, optional, sparse). */
  readonly type: string | null;
  readonly dims: readonly (number | null)[];
}

/** What a stored tensor is, without its contents. */
export interface TensorSummary {
  readonly name: string;
  readonly type: string;
  readonly dims: readonly number[];
  /** Product of the dims. */
  readonly elements: number;
  /** True when the contents are said to be in another file. */
  readonly external: boolean;
  readonly sparse: boolean;
}

/** One attribute of a node. `count` is the length of its lists; `ints`, `floats` and `strings` are kept up to 64 entries. */
export interface AttributeSummary {
  readonly name: string;
  readonly i: number | null;
  readonly f: number | null;
  readonly s: string | null;
  readonly count: number;
  readonly ints: readonly number[];
  readonly floats: readonly number[];
  readonly strings: readonly string[];
  readonly tensors: readonly TensorSummary[];
  readonly graphs: readonly GraphSummary[];
}

export interface NodeSummary {
  /** Operator set, '' for the default `ai.onnx`. */
  readonly domain: string;
  readonly opType: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly AttributeSummary[];
}

export interface GraphSummary {
  readonly name: string;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly nodes: readonly NodeSummary[];
  readonly initializers: readonly TensorSummary[];
}

/** Structure of an ONNX file, without the contents of its tensors. */
export interface ModelSummary extends GraphSummary {
  readonly irVersion: number;
  readonly producer: string;
  /** Version of the producer, '' when the file does not say. */
  readonly producerVersion: string;
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  /** Names of the functions the file defines itself: operators under names of its own choosing. */
  readonly functions: readonly string[];
  /** True when the file carries training information. */
  readonly training: boolean;
}
