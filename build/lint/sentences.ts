/**
 * Rooms and files whose sentences still stand in the code. The list only gets shorter: one leaves it when all it says comes
 * from `shared/language`.
 */
export const NOT_YET: readonly string[] = [
  'electron/backend-process.ts',
  'electron/backend/approval/files.ts',
  'electron/backend/approval/renewal.ts',
  'electron/backend/approval/review.ts',
  'electron/backend/cases/references.ts',
  'electron/backend/demo/index.ts',
  'electron/backend/demo/open.ts',
  'electron/backend/host/folders.ts',
  'electron/backend/host/options.ts',
  'electron/backend/inference/child.ts',
  'electron/backend/migrations/0004-phone-endings.ts',
  'electron/backend/migrations/0005-queue-order.ts',
  'electron/backend/migrations/0007-job-failures.ts',
  'electron/backend/migrations/0008-search-indicators.ts',
  'electron/backend/models/phrases.ts',
  'electron/backend/network/registry-client.ts',
  'electron/backend/releases/download.ts',
  'electron/backend/releases/trusted-metadata.ts',
  'electron/backend/store/database.ts',
  'electron/backend/upload/preview.ts',
  'electron/commands/approve-text.ts',
  'electron/commands/approve.ts',
  'electron/commands/offline-signing.ts',
  'electron/commands/renew.ts',
  'electron/loopback/open-windows.ts',
  'electron/loopback/single-instance.ts',
  'electron/main.ts',
  'electron/preload.ts',
  'electron/serve.ts',
  'electron/shell/menu.ts',
  'electron/shell/protocol.ts',
  'learning/schema/infer.ts',
  'learning/simulate/',
  'learning/train/',
  'platform/csv/tidy.ts',
  'platform/files.ts',
  'registry/cli/dataset.ts',
  'registry/retraining/promote-tactic.ts',
  'shared/domain/personal-words.ts',
  'shared/domain/tactic-groups.ts',
  'shared/domain/tactics.ts',
  'shared/domain/verdict.ts',
  'shared/drift/attributes.ts',
  'shared/encoding/complaints.ts',
  'shared/encoding/manifest.ts',
  'shared/encoding/onnx/',
  'shared/encoding/phrases.ts',
  'shared/encoding/schema.ts',
];

/** Where nothing is said to people, or where the catalogues and their tools are. */
const SILENT = /^(build|tests|shared\/language)\//;

const word = "\\p{L}[\\p{L}'’-]*";
const WORDS = new RegExp(`(?:^|[^\\p{L}\\p{N}_$./@#-])${word}[,;:.!?]?\\s+\\(?${word}(?=$|[^\\p{L}\\p{N}_/=-])`, 'u');
const SQL =
  /\b(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|PRAGMA|BEGIN|COMMIT|ROLLBACK|VACUUM|ATTACH|DETACH|FROM|WHERE|JOIN|ORDER BY|GROUP BY|VALUES|UNION|LIMIT|ESCAPE|RETURNING|AND|OR|NOT|NULL|IS|IN|AS|ON|DESC|ASC)\b/;

/** True for text of several words, which only a catalogue may hold. */
export function isSentence(text: string): boolean {
  return WORDS.test(text) && !SQL.test(text);
}

/** A template as a text: what is filled in counts as a word (`${count} cases` is a sentence), if there is one beside it. */
export function templateText(parts: readonly string[]): string {
  return parts.some((part) => /\p{L}{2}/u.test(part)) ? parts.join('x') : parts.join('');
}

/** Whether the rule holds for a file (path relative to the top of the project). */
export function holdsFor(file: string): boolean {
  return !SILENT.test(file) && !NOT_YET.some((room) => file.startsWith(room));
}

/** What the rule needs of a node of the syntax tree. */
export interface TreeNode {
  readonly type: string;
  readonly parent?: TreeNode | null;
  readonly callee?: TreeNode & { readonly name?: string; readonly object?: TreeNode; readonly property?: TreeNode };
  readonly name?: string | TreeNode;
  readonly property?: TreeNode;
  readonly object?: TreeNode;
  readonly tag?: TreeNode;
}

/** The last name of what is called or written to; empty where it has none, as a call of a call. */
function nameOf(node: TreeNode | null | undefined): string {
  if (node === null || node === undefined) return '';
  if (node.type === 'MemberExpression') return nameOf(node.property);
  if (node.type === 'ThisExpression') return 'this';
  return typeof node.name === 'string' ? node.name : nameOf(node.name);
}

/** Errors of programming, which no input of a person can cause; and what goes to the log of the program. */
const PROGRAMMERS = new Set(['Error', 'TypeError', 'RangeError', 'AggregateError']);
const LOGS = new Set(['logger', 'log']);
/** Calls that build a query: their operators are words of the database. */
const QUERIES = new Set(['where', 'having', 'selectFrom', 'innerJoin', 'leftJoin']);
const MARKUP = new Set(['className', 'class', 'style', 'd', 'viewBox', 'transform', 'points', 'href', 'rel', 'sizes']);

function isForProgrammers(node: TreeNode): boolean {
  if (node.type === 'NewExpression') return PROGRAMMERS.has(nameOf(node.callee));
  if (node.type !== 'CallExpression' || node.callee?.type !== 'MemberExpression') return false;
  const of = nameOf(node.callee.object);
  if (QUERIES.has(nameOf(node.callee))) return true;
  return LOGS.has(of) || (of === 'console' && nameOf(node.callee) === 'debug');
}

/** True where a text is no text for people: imports, types, tagged templates, names of classes, programming errors, logs. */
export function isExempt(literal: TreeNode): boolean {
  for (let node = literal.parent; node !== null && node !== undefined; node = node.parent) {
    if (/^(Import|Export(All|Named))|^TS(Literal|Template)|^TaggedTemplate/.test(node.type)) return true;
    if (node.type === 'JSXAttribute') return MARKUP.has(nameOf(node));
    if (isForProgrammers(node)) return true;
    if (/Function|Statement|Declaration|Class|Program/.test(node.type)) return false;
  }
  return false;
}
