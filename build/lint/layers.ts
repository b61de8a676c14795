import { builtinModules } from 'node:module';
import { posix } from 'node:path';

/**
 * The parts of the project as the layer rule sees them. `root:*` are the composition roots: the small programs that
 * put the other parts together, and the only places where everything meets.
 */
type Zone =
  | 'shared'
  | 'platform'
  | 'renderer'
  | 'learning'
  | 'root:learning'
  | 'registry'
  | 'root:registry'
  | 'preload'
  | 'root:main'
  | 'root:serve'
  | 'root:cli'
  | 'root:backend-process'
  | 'shell'
  | 'loopback'
  | 'backend:root'
  | 'backend:api'
  | 'backend:service'
  | 'backend:store'
  | 'build'
  | 'tests'
  | 'outside';

/** First match wins; paths are relative to the top of the project, with forward slashes. */
const ZONES: ReadonlyArray<readonly [RegExp, Zone]> = [
  [/^shared\//, 'shared'],
  [/^platform\//, 'platform'],
  [/^renderer\//, 'renderer'],
  [/^learning\/cli\.ts$/, 'root:learning'],
  [/^learning\//, 'learning'],
  [/^registry\/(server|cli)\.ts$/, 'root:registry'],
  [/^registry\//, 'registry'],
  [/^electron\/preload\.ts$/, 'preload'],
  [/^electron\/main\.ts$/, 'root:main'],
  [/^electron\/serve\.ts$/, 'root:serve'],
  [/^electron\/(cli\.ts$|commands\/)/, 'root:cli'],
  [/^electron\/backend-process\.ts$/, 'root:backend-process'],
  [/^electron\/shell\//, 'shell'],
  [/^electron\/loopback\//, 'loopback'],
  [/^electron\/backend\/[^/]+$/, 'backend:root'],
  [/^electron\/backend\/api\//, 'backend:api'],
  [/^electron\/backend\/(store|migrations)\//, 'backend:store'],
  [/^electron\/backend\//, 'backend:service'],
  [/^build\//, 'build'],
  [/^tests\//, 'tests'],
];

const BACKEND: readonly Zone[] = ['backend:root', 'backend:api', 'backend:service', 'backend:store'];

/** What each zone may import beside itself, as code. */
const MAY_IMPORT: Readonly<Partial<Record<Zone, readonly Zone[]>>> = {
  shared: [],
  platform: ['shared'],
  renderer: ['shared'],
  learning: ['shared', 'platform'],
  'root:learning': ['shared', 'platform', 'learning'],
  registry: ['shared', 'platform', 'learning'],
  'root:registry': ['shared', 'platform', 'learning', 'registry'],
  preload: ['shared'],
  shell: ['shared', 'platform'],
  loopback: ['shared', 'platform'],
  'root:main': ['shared', 'platform', 'shell', ...BACKEND],
  'root:serve': ['shared', 'platform', 'loopback', ...BACKEND],
  'root:cli': ['shared', 'platform', ...BACKEND],
  'root:backend-process': ['shared', 'platform', ...BACKEND],
  'backend:root': ['shared', 'platform', 'backend:api', 'backend:service', 'backend:store'],
  'backend:api': ['shared', 'platform', 'backend:service'],
  'backend:service': ['shared', 'platform', 'backend:store'],
  'backend:store': ['shared', 'platform'],
};

/** What each zone may import in addition when only types are taken: they leave nothing behind at run time. */
const MAY_IMPORT_TYPES: Readonly<Partial<Record<Zone, readonly Zone[]>>> = {
  shell: BACKEND,
  loopback: BACKEND,
};

const ELECTRON_ZONES: readonly Zone[] = ['root:main', 'preload', 'shell', 'tests'];
const NO_NODE_ZONES: readonly Zone[] = ['shared', 'renderer'];
const NODE_PACKAGES = ['better-sqlite3', 'onnxruntime-node', 'fastify', 'kysely', 'pg', 'pino', 'tuf-js', 'commander'];
/** The only file that may import the runtime of models. */
const RUNTIME_PORT = 'platform/models/onnx-runtime.ts';
const UI_PACKAGES = [
  'react',
  'react-dom',
  'zustand',
  '@base-ui/react',
  '@tanstack/react-query',
  '@tanstack/react-virtual',
];

/** Names the part of the project that a file (path relative to the top) belongs to. */
function zoneOf(file: string): Zone {
  return ZONES.find(([pattern]) => pattern.test(file))?.[1] ?? 'outside';
}

function isNodeBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier);
}

function isPackage(specifier: string, names: readonly string[]): boolean {
  return names.some((name) => specifier === name || specifier.startsWith(`${name}/`));
}

function checkPackage(file: string, zone: Zone, specifier: string): string | null {
  if (isPackage(specifier, ['electron'])) {
    return ELECTRON_ZONES.includes(zone)
      ? null
      : 'electron is imported only by electron/main.ts, electron/preload.ts and electron/shell/.';
  }
  if (isPackage(specifier, ['onnxruntime-node']) && zone !== 'tests' && file !== RUNTIME_PORT)
    return `Models are run through ${RUNTIME_PORT} only, which checks them and keeps the runtime quiet.`;
  if (NO_NODE_ZONES.includes(zone) && (isNodeBuiltin(specifier) || isPackage(specifier, NODE_PACKAGES))) {
    return `${zone}/ also runs in a browser window: ${specifier} needs Node. Take what it does as a parameter.`;
  }
  if (zone !== 'renderer' && zone !== 'tests' && isPackage(specifier, UI_PACKAGES)) {
    return `${specifier} belongs to renderer/ only.`;
  }
  return null;
}

function checkZones(from: Zone, to: Zone, target: string, typeOnly: boolean): string | null {
  if (from === to || from === 'tests' || (from === 'build' && to !== 'tests')) return null;
  if (MAY_IMPORT[from]?.includes(to)) return null;
  const types = MAY_IMPORT_TYPES[from]?.includes(to) ?? false;
  if (types && typeOnly) return null;
  if (types) return `${from} may take only types from ${to} (${target}): write "import type".`;
  return `${from} must not import ${to} (${target}). Move the code to where it is allowed; there are no exceptions.`;
}

/**
 * Decides whether one import keeps the layers. `file` is the importing file relative to the top of the project;
 * `typeOnly` means that nothing of the import is left at run time. Returns null when it is allowed, else the reason.
 */
export function checkImport(file: string, specifier: string, typeOnly: boolean): string | null {
  const from = zoneOf(file);
  if (from === 'outside') {
    return file.startsWith('electron/')
      ? `${file} belongs to no known part: give it a zone in build/lint/layers.ts.`
      : null;
  }
  if (!specifier.startsWith('.')) return checkPackage(file, from, specifier);
  const target = posix.normalize(posix.join(posix.dirname(file), specifier));
  const to = zoneOf(target);
  if (to !== 'outside') return checkZones(from, to, target, typeOnly);
  if (from === 'build' || from === 'tests') return null;
  return `${from} must not reach outside the project's parts (${target}).`;
}
