import { companionsOf } from '../../shared/encoding/companions.ts';
import { createHash } from 'node:crypto';
import type { Thresholds } from '../../shared/domain/verdict.ts';
import type { EncodedRow } from '../../shared/encoding/encode.ts';
import type { Binding, FigureBasis, Imported, Manifest } from '../../shared/encoding/manifest.ts';
import { isUnder } from '../../shared/encoding/schema-identity.ts';
import { checkGraph, type ModelSummary } from '../../shared/encoding/onnx/index.ts';
import { boundColumns, fromStored } from '../../shared/encoding/pack.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { storeRow } from '../dataset/dataset.ts';
import type { Figures } from '../figures/figures.ts';
import { createRandom, type Random } from '../statistics/random.ts';
import { goldenRows } from '../dataset/samples.ts';
import { thresholdsFromScores } from '../thresholds/thresholds.ts';
import { modelIdOf } from '../train/model-id.ts';
import { finished } from './draft.ts';
import { backgroundOf, figuresFor, judgedOf, referenceOf, scoreDataset, type ScoredDataset } from './evidence.ts';
import { withModel, type Score } from './probe.ts';
import { resolveRequest, type ImportRequest, type ResolvedRequest } from './resolve-request.ts';
import { stripZipMap } from './zipmap.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { storedName } from '../../shared/language/stored-name.ts';

export type { ImportRequest } from './resolve-request.ts';

interface ImportMetrics {
  readonly imported: Imported;
  readonly rows: number;
  readonly scams: number;
  readonly thresholds: Thresholds;
  /** Labelled cases that were given, of which nobody can tell here whether the model learned from them. */
  readonly basis: Extract<FigureBasis, 'given_cases' | 'stated' | 'none'>;
  readonly figures: Figures;
}

export interface ImportResult {
  readonly model: Uint8Array;
  readonly manifest: Manifest;
  readonly metrics: ImportMetrics;
}

const goldenSlack = 1e-5;
const defaultMaxMissingShare = 0.5;

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function importedOf(file: Uint8Array, model: ModelSummary, stripped: readonly string[]): Imported {
  return {
    sha256: sha256Of(file),
    bytes: file.length,
    producer: `${model.producer} ${model.producerVersion}`.trim().slice(0, 200),
    opsets: Object.fromEntries(
      model.opsets.map(({ domain, version }) => [domain === '' ? 'ai.onnx' : domain, version]),
    ),
    stripped: stripped.map((what) => what.slice(0, 200)),
  };
}

/** BAD_MANIFEST when a row of the draft lacks a column the model reads, or holds another kind of value there. */
function checkDraftRows(what: string, rows: readonly Readonly<Record<string, unknown>>[], binding: Binding): void {
  const texts = binding.layout === 'matrix' ? [] : binding.columns.filter((c) => c.type === 'string');
  for (const name of boundColumns(binding)) {
    const type = texts.some((c) => c.attribute === name) ? 'string' : 'number';
    const bad = rows.findIndex((row) => row[name] === undefined || (row[name] !== null && typeof row[name] !== type));
    if (bad !== -1) {
      throw new OutpostError('BAD_MANIFEST', sentence('import.draft_place_not_valid', { what, bad, name, type }));
    }
  }
}

/** Made-up rows, or those of the draft, with the score the model gives them here. */
async function goldenOf(
  request: ImportRequest,
  binding: Binding,
  score: Score,
  random: Random,
): Promise<Manifest['golden']> {
  const { draft, schema } = request;
  if (draft.golden)
    checkDraftRows(
      'golden',
      draft.golden.map((g) => g.row),
      binding,
    );
  const rows: EncodedRow[] = draft.golden?.map((g) => fromStored(binding, g.row)) ?? goldenRows(schema, random);
  const scores = await score(rows);
  draft.golden?.forEach(({ score: wanted }, i) => {
    if (wanted === undefined || Math.abs(wanted - scores[i]!) <= goldenSlack) return;
    throw new OutpostError(
      'BAD_MODEL',
      sentence('import.golden_case_differs', { score: scores[i]!, row: i + 1, wanted }),
    );
  });
  return rows.map((row, i) => ({ row: draft.golden?.[i]?.row ?? storeRow(row), score: scores[i]! }));
}

/** What the figures of an imported model are computed on: those of a draft are its author's, whatever it says of them. */
function basisOf({ draft, dataset }: ImportRequest): ImportMetrics['basis'] {
  if (draft.figures) return 'stated';
  return dataset ? 'given_cases' : 'none';
}

function trainingOf(request: ImportRequest, imported: Imported, baseRate: number): Manifest['training'] {
  const { draft, dataset, cut, seed, codeVersion } = request;
  const given = draft.training ?? {};
  const missing = given.missing ?? request.missing;
  return {
    run: given.run ?? storedName`imported ${imported.sha256.slice(0, 16)}`,
    trainer: given.trainer ?? (imported.producer === '' ? 'unknown' : imported.producer),
    seed: given.seed ?? seed,
    dataset: given.dataset ?? dataset?.hash ?? '0'.repeat(64),
    // What the model learned from was elsewhere; the cases given here only judge it.
    rows: given.rows ?? 0,
    from: given.from ?? null,
    cut: cut ?? given.cut ?? null,
    baseRate,
    codeVersion: given.codeVersion ?? codeVersion,
    basis: basisOf(request),
    imported,
    ...(missing !== undefined && { missing }),
  };
}

interface Assembled {
  readonly thresholds: Thresholds;
  readonly figures: Figures;
  readonly scored: ScoredDataset | null;
  readonly golden: Manifest['golden'];
  readonly background: Manifest['background'];
}

async function assemble(
  request: ImportRequest,
  resolved: ResolvedRequest,
  score: Score,
  random: Random,
): Promise<Assembled> {
  const { draft, schema, dataset } = request;
  const golden = await goldenOf(request, resolved.binding, score, random);
  const scored = dataset && (await scoreDataset(dataset, score));
  const thresholds = resolved.thresholds ?? thresholdsFromScores(judgedOf(scored!));
  const share = draft.maxMissingShare ?? defaultMaxMissingShare;
  const figures = draft.figures ?? (scored ? figuresFor(scored, thresholds, share) : {});
  if (draft.background) checkDraftRows('background', draft.background, resolved.binding);
  return { thresholds, figures, scored, golden, background: draft.background ?? backgroundOf(schema, scored, random) };
}

function manifestOf(
  request: ImportRequest,
  { binding, output, baseRate }: ResolvedRequest,
  { thresholds, figures, scored, golden, background }: Assembled,
  bytes: Uint8Array,
  imported: Imported,
): Manifest {
  const { draft, schema, texts, name, version, created, expires, simulated } = request;
  const sha256 = sha256Of(bytes);
  const maxMissingShare = draft.maxMissingShare ?? defaultMaxMissingShare;
  const training = trainingOf(request, imported, baseRate);
  const deciding = { schema, binding, output, thresholds, maxMissingShare, missing: training.missing };
  const id = draft.model?.id ?? modelIdOf(sha256, deciding);
  return finished({
    format: 'outpost.manifest/2',
    model: { id, name, version, sha256, bytes: bytes.length, created, expires, simulated },
    schema,
    texts: companionsOf({ schema, texts }),
    binding,
    output,
    thresholds,
    maxMissingShare,
    training,
    figures,
    background,
    golden,
    reference: draft.reference ?? referenceOf(schema, scored),
  });
}

/**
 * Takes in a model from another program: strips a final ZipMap, checks what laptops check, finds or asks for what a manifest
 * needs, tries the model on made-up rows and scores its golden cases. Throws BAD_MODEL for a model that cannot conform,
 * BAD_INPUT naming everything that is missing at once. Deterministic for a request.
 */
export async function importModel(request: ImportRequest): Promise<ImportResult> {
  const { bytes, stripped } = stripZipMap(request.file);
  const model = checkGraph(bytes);
  const imported = importedOf(request.file, model, stripped);
  const resolved = resolveRequest(request, model);
  const { reference } = request.draft;
  if (reference && !isUnder(request.schema, reference.schema)) {
    throw new OutpostError('BAD_MANIFEST', sentence('import.reference_profile_draft_about_another_version'));
  }
  const random = createRandom(request.seed);
  return withModel(bytes, resolved, request.schema, random, async (score) => {
    const assembled = await assemble(request, resolved, score, random);
    const manifest = manifestOf(request, resolved, assembled, bytes, imported);
    const labels = Array.from(request.dataset?.frame.labels ?? []);
    const metrics: ImportMetrics = {
      imported,
      rows: labels.length,
      scams: labels.reduce((sum, label) => sum + label, 0),
      thresholds: assembled.thresholds,
      basis: basisOf(request),
      figures: assembled.figures,
    };
    return { model: bytes, manifest, metrics };
  });
}
