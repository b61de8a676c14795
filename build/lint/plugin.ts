import { relative, sep } from 'node:path';
import { checkImport } from './layers.ts';

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

function createLayerRule(context: RuleContext): Record<string, (node: ImportLike) => void> {
  const file = relative(context.cwd, context.filename).split(sep).join('/');
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
const plugin = { meta: { name: 'outpost' }, rules: { layers: { create: createLayerRule } } };
export default plugin;
