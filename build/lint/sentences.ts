/** Where nothing is said to people (a migration only moves what is stored), or where the catalogues and their tools are. */
const SILENT = /^(build|tests|shared\/language)\/|\/migrations\//;

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
  return !SILENT.test(file);
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
  readonly key?: TreeNode;
  readonly operator?: string;
  readonly superClass?: TreeNode | null;
}

/** The last name of what is called or written to; empty where it has none, as a call of a call. */
function nameOf(node: TreeNode | null | undefined): string {
  if (node === null || node === undefined) return '';
  if (node.type === 'MemberExpression') return nameOf(node.property);
  if (node.type === 'ThisExpression') return 'this';
  return typeof node.name === 'string' ? node.name : nameOf(node.name);
}

/**
 * Errors of programming, which no input of a person can cause, and those of libraries, whose class or code is read and not
 * their words; and what goes to the log of the program.
 */
const PROGRAMMERS = new Set(['Error', 'TypeError', 'RangeError', 'AggregateError', 'CsvError', 'DownloadHTTPError']);
const LOGS = new Set(['logger', 'log']);
/** Calls that build a query: their operators are words of the database. */
const QUERIES = new Set(['where', 'having', 'selectFrom', 'innerJoin', 'leftJoin']);
const MARKUP = new Set(['className', 'class', 'style', 'd', 'viewBox', 'transform', 'points', 'href', 'rel', 'sizes']);

/** Calls of a text that only look whether it is there, and the one that makes a list of words of it. */
const LOOKS = new Set(['startsWith', 'endsWith', 'includes']);
const COMPARES = new Set(['===', '!==']);

/** True where a text is compared with another one, or is a list of words, each of which stands for itself. */
function isRead(node: TreeNode, from: TreeNode): boolean {
  if (node.type === 'BinaryExpression') return COMPARES.has(node.operator ?? '');
  if (node.type === 'MemberExpression') return node.object === from && nameOf(node) === 'split';
  return node.type === 'CallExpression' && node.callee !== from && LOOKS.has(nameOf(node.callee));
}

/** The class that a class around this call of `super` is made of. */
function extended(call: TreeNode): string {
  for (let node = call.parent; node !== null && node !== undefined; node = node.parent)
    if (node.type.startsWith('Class') && node.superClass !== undefined) return nameOf(node.superClass);
  return '';
}

function isForProgrammers(node: TreeNode): boolean {
  if (node.type === 'NewExpression') return PROGRAMMERS.has(nameOf(node.callee));
  if (node.type === 'CallExpression' && node.callee?.type === 'Super') return PROGRAMMERS.has(extended(node));
  if (node.type !== 'CallExpression' || node.callee?.type !== 'MemberExpression') return false;
  const of = nameOf(node.callee.object);
  if (QUERIES.has(nameOf(node.callee))) return true;
  return LOGS.has(of) || (of === 'console' && nameOf(node.callee) === 'debug');
}

/** True where a text is no text for people: imports, types, tagged templates, names of classes, programming errors, logs. */
export function isExempt(literal: TreeNode): boolean {
  let from = literal;
  for (let node = literal.parent; node !== null && node !== undefined; from = node, node = node.parent) {
    if (from === literal && isRead(node, from)) return true;
    if (node.type === 'Property' && nameOf(node.key) === 'headers') return true;
    if (/^(Import|Export(All|Named))|^TS(Literal|Template)|^TaggedTemplate/.test(node.type)) return true;
    if (node.type === 'JSXAttribute') return MARKUP.has(nameOf(node));
    if (isForProgrammers(node)) return true;
    if (/Function|Statement|Declaration|Class|Program/.test(node.type)) return false;
  }
  return false;
}
