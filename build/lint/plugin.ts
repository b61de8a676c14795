import { relative, sep } from 'node:path';
import { checkImport } from './layers.ts';
import { holdsFor, isExempt, isSentence, templateText, type TreeNode } from './sentences.ts';

/** The little of oxlint's plugin interface (ESLint's shape) that this rule needs. */
interface RuleContext {
  readonly filename: string;
  readonly cwd: string;
  report(problem: { node: unknown; message: string }): void;
}

interface ImportLike {
  readonly source?: { readonly type?: string; readonly value?: unknown } | null;
  readonly importKind?: string | null;
  readonly exportKind?: string | null;
  readonly specifiers?: ReadonlyArray<{ readonly importKind?: string | null; readonly exportKind?: string | null }>;
}

function takesOnlyTypes(node: ImportLike): boolean {
  if (node.importKind === 'type' || node.exportKind === 'type') return true;
  const specifiers = node.specifiers ?? [];
  return specifiers.length > 0 && specifiers.every((one) => (one.importKind ?? one.exportKind) === 'type');
}

/** Path of the file that is looked at, relative to the top of the project. */
const fileOf = (context: RuleContext): string => relative(context.cwd, context.filename).split(sep).join('/');

interface TextNode extends TreeNode {
  readonly value?: unknown;
  readonly quasis?: ReadonlyArray<{ readonly value: { readonly cooked: string | null } }>;
}

const COMPOSED =
  'What people read is said by the catalogue: give it a code in shared/language/en.json and use sentence(code, args).';

function createSentenceRule(context: RuleContext): Record<string, (node: TextNode) => void> {
  if (!holdsFor(fileOf(context))) return {};
  const visit = (node: TextNode, text: unknown): void => {
    if (typeof text === 'string' && isSentence(text) && !isExempt(node)) context.report({ node, message: COMPOSED });
  };
  return {
    Literal: (node) => visit(node, node.value),
    JSXText: (node) => visit(node, node.value),
    TemplateLiteral: (node) => visit(node, templateText(node.quasis?.map(({ value }) => value.cooked ?? '') ?? [])),
  };
}

function createLayerRule(context: RuleContext): Record<string, (node: ImportLike) => void> {
  const file = fileOf(context);
  const visit = (node: ImportLike, typeOnly: boolean): void => {
    const specifier = node.source?.value;
    if (typeof specifier !== 'string') return;
    const message = checkImport(file, specifier, typeOnly);
    if (message !== null) context.report({ node, message });
  };
  const visitStatement = (node: ImportLike): void => visit(node, takesOnlyTypes(node));
  return {
    ImportDeclaration: visitStatement,
    ExportNamedDeclaration: visitStatement,
    ExportAllDeclaration: visitStatement,
    ImportExpression: (node) => visit(node, false),
    TSImportType: (node) => visit(node, true),
  };
}

/** The project's own lint rules, loaded by oxlint through `.oxlintrc.json`. */
const plugin = {
  meta: { name: 'outpost' },
  rules: { layers: { create: createLayerRule }, sentences: { create: createSentenceRule } },
};
export default plugin;
