import type { Logger } from 'pino';
import { createMutex } from '../../../platform/mutex.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import type { EncodedRow } from '../../../shared/encoding/encode.ts';
import { checkModel } from '../../../platform/models/check-model.ts';
import type { SpawnInference } from './child-handle.ts';
import type { ExplainResult, Inference, PackedRows, PackedScores, ScoreResult, StoredModel } from './inference.ts';
import type { Clock } from '../../../platform/environment.ts';
import { findCounterfactuals } from './counterfactuals.ts';
import { createChannel, type Channel } from './channel.ts';
import { attribute } from './explain.ts';
import { defaultLimits, type InferenceLimits } from './limits.ts';
import { boundColumns, fromStored, packRows } from '../../../shared/encoding/pack.ts';
import { seededRandom } from '../../../shared/metrics/random.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** Models loaded in the child at a time: the active one and one on trial. */
const maxLoaded = 2;
/** Checked models remembered, so that one which made room can be loaded again by its next call. */
const maxRemembered = 4;
/** How far a golden row's score may be off. */
const goldenTolerance = 1e-5;

interface InferenceOptions {
  readonly spawn: SpawnInference;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<InferenceLimits>;
}

class Supervisor implements Inference {
  private readonly limits: InferenceLimits;
  private readonly channel: Channel;
  /** Checked models by model hash, least recently used first; of two manifests for the same bytes the last loaded. */
  private readonly known = new Map<string, StoredModel>();
  /** What the child has loaded, by manifest hash, least recently used first, and in which process. */
  private readonly loaded = new Map<string, number>();
  private readonly mutex = createMutex();
  private closed = false;

  constructor({ limits, ...options }: InferenceOptions) {
    this.limits = { ...defaultLimits, ...limits };
    this.channel = createChannel({ ...options, limits: this.limits });
  }

  /** Runs one piece of work after all asked for before it. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.closed)
      return Promise.reject(new OutpostError('MODEL_FAILED', sentence('inference.scoring_closing_down')));
    return this.mutex.run(work);
  }

  private need(sha256: string): StoredModel {
    const model = this.known.get(sha256);
    if (!model) throw new OutpostError('MODEL_FAILED', sentence('inference.model_was_not_loaded'));
    this.known.delete(sha256);
    this.known.set(sha256, model);
    return model;
  }

  private remember(model: StoredModel): void {
    this.known.delete(model.manifest.model.sha256);
    this.known.set(model.manifest.model.sha256, model);
    const [oldest] = this.known.keys();
    if (this.known.size > maxRemembered && oldest !== undefined) this.known.delete(oldest);
  }

  /** Makes the child ready for a model; what an ended child had loaded is loaded again when next needed. */
  private async ensureLoaded({ manifest, manifestSha256: key, bytes }: StoredModel): Promise<void> {
    const generation = this.channel.generation();
    for (const [other, of] of this.loaded) if (of !== generation) this.loaded.delete(other);
    const present = this.loaded.delete(key);
    if (!present) {
      const [oldest] = this.loaded.keys();
      if (oldest !== undefined && this.loaded.size >= maxLoaded) await this.unload(oldest);
      const { model, output } = manifest;
      await this.channel.ask({ kind: 'load', key, bytes, sha256: model.sha256, output }, this.limits.loadMs);
    }
    this.loaded.set(key, generation);
  }

  private async unload(key: string): Promise<void> {
    this.loaded.delete(key);
    await this.channel.ask({ kind: 'unload', key }, this.limits.loadMs);
  }

  private async runBatch(model: StoredModel, rows: readonly EncodedRow[]): Promise<number[]> {
    const inputs = packRows(model.manifest.binding, rows);
    return [...(await this.runPacked(model, { rows: rows.length, inputs }, false)).scores];
  }

  private async runPacked(model: StoredModel, { rows, inputs }: PackedRows, without: boolean): Promise<PackedScores> {
    await this.ensureLoaded(model);
    const runs = without ? 1 + boundColumns(model.manifest.binding).length : 1;
    const request = { kind: 'run', key: model.manifestSha256, rows, inputs, without } as const;
    const all = await this.channel.ask(request, runs * this.limits.runMs);
    if (all?.length !== runs * rows) throw new OutpostError('MODEL_FAILED', sentence('inference.scores_missing'));
    const of = (run: number): Float64Array => all.subarray(run * rows, (run + 1) * rows);
    return { scores: of(0), without: Array.from({ length: runs - 1 }, (_, k) => of(k + 1)) };
  }

  /** Each batch takes its own turn, so that a long list never keeps a single case waiting. */
  private async scoreRows(model: StoredModel, rows: readonly EncodedRow[]): Promise<number[]> {
    const scores: number[] = [];
    for (let at = 0; at < rows.length; at += this.limits.batchRows) {
      const batch = rows.slice(at, at + this.limits.batchRows);
      for (const score of await this.inTurn(() => this.runBatch(model, batch))) scores.push(score);
    }
    return scores;
  }

  private async checkGolden(model: StoredModel): Promise<void> {
    const { golden, binding } = model.manifest;
    const scores = await this.runBatch(
      model,
      golden.map(({ row }) => fromStored(binding, row)),
    );
    const off = golden.findIndex(({ score }, i) => !(Math.abs(scores[i]! - score) <= goldenTolerance));
    if (off === -1) return;
    throw new OutpostError('BAD_MODEL', sentence('inference.golden_case_differs', { row: off + 1 }));
  }

  async load(model: StoredModel): Promise<void> {
    const known = this.known.get(model.manifest.model.sha256);
    if (known?.manifestSha256 === model.manifestSha256) return this.inTurn(() => this.ensureLoaded(known));
    checkModel(model.manifest, model.bytes);
    await this.inTurn(async () => {
      await this.ensureLoaded(model);
      await this.checkGolden(model);
      this.remember(model);
    });
  }

  async score(sha256: string, rows: readonly EncodedRow[]): Promise<ScoreResult[]> {
    return (await this.scoreRows(this.need(sha256), rows)).map((score) => ({ score }));
  }

  async scorePacked(sha256: string, batch: PackedRows, without: boolean): Promise<PackedScores> {
    const model = this.need(sha256);
    return this.inTurn(() => this.runPacked(model, batch, without));
  }

  async explain(sha256: string, row: EncodedRow): Promise<ExplainResult> {
    const model = this.need(sha256);
    const { manifest } = model;
    const columns = boundColumns(manifest.binding);
    const scoreRows = (rows: readonly EncodedRow[]): Promise<number[]> => this.scoreRows(model, rows);
    const seed = JSON.stringify([sha256, ...columns.map((name) => [name, String(row[name])])]);
    const result = await attribute({
      columns,
      row,
      background: manifest.background.map((stored) => fromStored(manifest.binding, stored)),
      scoreRows,
      random: seededRandom(seed),
      budget: this.limits.explainRows,
    });
    return { ...result, changes: await findCounterfactuals(manifest, row, result.score, scoreRows) };
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.mutex.idle();
    this.channel.kill();
  }
}

/**
 * Starts the supervision of the inference process: it is started by the first call, killed when it takes too long or
 * too much memory, and started again by the next call. Calls take turns; `close` lets those asked for finish.
 */
export function createInference(options: InferenceOptions): Inference {
  return new Supervisor(options);
}
