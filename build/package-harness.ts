import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

// Copied into the unpacked application and run there by a plain Node: whatever this reaches was really packed. So it
// imports nothing but Node's own modules and the bundles beside it, whose shape it can only assert.
interface PackedBackend {
  call(path: readonly string[], input: unknown): Promise<unknown>;
  close(): Promise<void>;
}
interface BackendBundle {
  readonly createBackend: (options: object) => Promise<PackedBackend>;
}
interface SpawnBundle {
  readonly spawnNodeInference: () => unknown;
}
interface CaseView {
  readonly firstScore: { readonly score: number } | null;
  readonly scoreProblem: string | null;
  readonly row: { readonly scoreHidden: boolean };
}

const INTAKE = {
  urgent: false,
  received: new Date().toISOString().slice(0, 10),
  attributes: { asked_remote_access: true, opened_bank_website: true },
  tactics: [],
  indicators: [],
  reference: '',
  resident: '',
  contact: '',
  place: '',
  safeContact: '',
  atRisk: false,
  needs: [],
  narrative: '',
};

async function load<Bundle>(name: string): Promise<Bundle> {
  return (await import(new URL(`./dist/app/${name}.js`, import.meta.url).href)) as Bundle;
}

async function openBackend(dataDir: string): Promise<PackedBackend> {
  const { createBackend } = await load<BackendBundle>('backend');
  const { spawnNodeInference } = await load<SpawnBundle>('spawn-node');
  const quiet = { level: 'silent', debug() {}, info() {}, warn() {}, error: console.error, child: () => quiet };
  return createBackend({
    dataDir,
    modelsDir: join(import.meta.dirname, 'models'),
    secrets: { wrap: null, unwrap: null },
    clock: {
      now: () => Date.now(),
      elapsed: () => performance.now(),
      zone: () => 'UTC',
      setTimeout: (callback: () => void, ms: number) => {
        const timer = setTimeout(callback, ms);
        return { cancel: () => clearTimeout(timer) };
      },
    },
    fetch: () => Promise.reject(new Error('The package check has no network.')),
    logger: quiet,
    spawnInference: spawnNodeInference(),
    random: (bytes: number) => new Uint8Array(randomBytes(bytes)),
    appVersion: 'package-check',
    demo: false,
    scryptLogN: 15,
  });
}

/** Takes a case in and returns its first score in words; throws with the application's own reason if there is none. */
async function scoreOneCase(backend: PackedBackend): Promise<string> {
  await backend.call(['vault', 'create'], { passphrase: 'packed and alone', personName: 'Package check', office: '' });
  const { id } = (await backend.call(['cases', 'create'], INTAKE)) as { id: string };
  const view = (await backend.call(['cases', 'get'], { id })) as CaseView;
  if (view.firstScore !== null) return view.firstScore.score.toFixed(3);
  if (view.row.scoreHidden && view.scoreProblem === null) return 'made, and hidden for the audit';
  throw new Error(view.scoreProblem ?? 'The packed application gave the case no first score.');
}

const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error('Name an empty folder for the data.');
const backend = await openBackend(dataDir);
try {
  console.log(`first score from the packed files: ${await scoreOneCase(backend)}`);
} finally {
  await backend.close();
}
