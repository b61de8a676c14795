import { concat, rowConstant, type GraphParts } from '../../onnx/parts.ts';
import { elementType } from '../../onnx/write.ts';
import { otherLevel } from './bins.ts';
import { rules, type Ensemble, type Tree, type TreeColumn } from './tree.ts';

const DOUBLE = elementType('double');

/** Adds a number column as doubles; a tactic that is unknown is 0. */
function numberInput(parts: GraphParts, { name, kind }: TreeColumn): string {
  const plain = `trees:${name}`;
  parts.nodes.push({ op: 'Cast', inputs: [name], output: plain, attributes: { to: DOUBLE } });
  if (kind !== 'tactic') return plain;
  const zero = rowConstant(parts, `${plain}:zero`, [0]);
  parts.nodes.push(
    { op: 'IsNaN', inputs: [plain], output: `${plain}:unknown` },
    { op: 'Where', inputs: [`${plain}:unknown`, zero, plain], output: `${plain}:recorded` },
  );
  return `${plain}:recorded`;
}

/**
 * Adds a category column as one 0/1 column for each of the given level codes. Trees then have thresholds only, which
 * onnxruntime walks faster than trees of mixed modes.
 */
function levelInput(parts: GraphParts, { name, values }: TreeColumn, levels: readonly number[]): string {
  const code = `trees:${name}`;
  const attributes = {
    keys_strings: [...values, ''],
    values_floats: { floats: [...values.keys(), values.length] },
    default_float: { float: otherLevel },
  };
  const wanted = rowConstant(parts, `${code}:levels`, levels);
  parts.nodes.push(
    { op: 'LabelEncoder', domain: 'ai.onnx.ml', inputs: [name], output: `${code}:code`, attributes },
    { op: 'Cast', inputs: [`${code}:code`], output: `${code}:double`, attributes: { to: DOUBLE } },
    { op: 'Equal', inputs: [`${code}:double`, wanted], output: `${code}:is` },
    { op: 'Cast', inputs: [`${code}:is`], output: `${code}:terms`, attributes: { to: DOUBLE } },
  );
  return `${code}:terms`;
}

/** Level codes that splits of each column ask for, ascending. */
function levelsAsked({ columns, trees }: Ensemble): number[][] {
  const asked = columns.map(() => new Set<number>());
  for (const { column, rule, value } of trees) {
    column.forEach((c, node) => {
      if (c >= 0 && rule[node] === rules.level) asked[c]!.add(value[node]!);
    });
  }
  return asked.map((levels) => [...levels].sort((a, b) => a - b));
}

/** Place in the matrix of each column, and of each of its levels. */
type Places = readonly { readonly start: number; readonly levels: readonly number[] }[];

/** Adds the matrix `[N, C]` of doubles that the trees read. */
function matrix(parts: GraphParts, ensemble: Ensemble): { readonly name: string; readonly places: Places } {
  const { anyColumn: any } = ensemble;
  if (ensemble.columns.length === 0) {
    return { name: any.kind === 'category' ? levelInput(parts, any, [0]) : numberInput(parts, any), places: [] };
  }
  const asked = levelsAsked(ensemble);
  let width = 0;
  const inputs: string[] = [];
  const places = ensemble.columns.map((column, c) => {
    const levels = asked[c]!;
    const start = width;
    width += column.kind === 'category' ? levels.length : 1;
    inputs.push(column.kind === 'category' ? levelInput(parts, column, levels) : numberInput(parts, column));
    return { start, levels };
  });
  return { name: concat(parts, inputs, 'trees:matrix'), places };
}

/** One node as the tree operators take it. */
interface FlatNode {
  readonly tree: number;
  readonly node: number;
  readonly leaf: boolean;
  readonly feature: number;
  readonly threshold: number;
  readonly missingLeft: boolean;
  readonly left: number;
  readonly weight: number;
}

function flatNodes({ column, rule, value, left }: Tree, tree: number, places: Places): FlatNode[] {
  return Array.from(column, (c, node) => {
    if (c === -1) {
      const none = { leaf: true, feature: 0, threshold: 0, missingLeft: false, left: 0 };
      return { tree, node, ...none, weight: value[node]! };
    }
    const { start, levels } = places[c]!;
    const level = rule[node] === rules.level;
    return {
      tree,
      node,
      leaf: false,
      feature: level ? start + levels.indexOf(value[node]!) : start,
      // A level's 0/1 column: every other level is at most a half.
      threshold: level ? 0.5 : value[node]!,
      missingLeft: rule[node] === rules.missingLeft,
      left: left[node]!,
      weight: 0,
    };
  });
}

/** The nodes of all trees side by side, as the tree operators of ai.onnx.ml 3 take them. */
function treeAttributes(trees: readonly Tree[], places: Places) {
  const nodes = trees.flatMap((tree, t) => flatNodes(tree, t, places));
  const leaves = nodes.filter((n) => n.leaf);
  const ints = (list: readonly FlatNode[], of: (n: FlatNode) => number) => ({ ints: list.map(of) });
  const tensor = (name: string, list: readonly FlatNode[], of: (n: FlatNode) => number) => ({
    tensor: { name, dims: [list.length], values: list.map(of) },
  });
  return {
    n_targets: 1,
    nodes_treeids: ints(nodes, (n) => n.tree),
    nodes_nodeids: ints(nodes, (n) => n.node),
    nodes_featureids: ints(nodes, (n) => n.feature),
    nodes_modes: nodes.map((n) => (n.leaf ? 'LEAF' : 'BRANCH_LEQ')),
    nodes_values_as_tensor: tensor('trees:thresholds', nodes, (n) => n.threshold),
    nodes_truenodeids: ints(nodes, (n) => n.left),
    nodes_falsenodeids: ints(nodes, (n) => (n.leaf ? 0 : n.left + 1)),
    nodes_missing_value_tracks_true: ints(nodes, (n) => Number(n.missingLeft)),
    target_treeids: ints(leaves, (n) => n.tree),
    target_nodeids: ints(leaves, (n) => n.node),
    target_ids: ints(leaves, () => 0),
    target_weights_as_tensor: tensor('trees:weights', leaves, (n) => n.weight),
  };
}

/**
 * Adds trees to a graph whose inputs are raw columns: thresholds and weights in double precision, so that every row
 * takes the way it took in training. Answers the name of the log odds, a double tensor `[N,1]`.
 */
export function addEnsemble(parts: GraphParts, ensemble: Ensemble): string {
  const { name, places } = matrix(parts, ensemble);
  const base = rowConstant(parts, 'trees:base', [ensemble.base]);
  const attributes = treeAttributes(ensemble.trees, places);
  parts.nodes.push(
    { op: 'TreeEnsembleRegressor', domain: 'ai.onnx.ml', inputs: [name], output: 'trees:sum', attributes },
    // The operator answers with float32, whatever it reads.
    { op: 'Cast', inputs: ['trees:sum'], output: 'trees:sum_double', attributes: { to: DOUBLE } },
    { op: 'Add', inputs: ['trees:sum_double', base], output: 'trees:log_odds' },
  );
  return 'trees:log_odds';
}
