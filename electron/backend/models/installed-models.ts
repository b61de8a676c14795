import { OutpostError } from '../../../shared/errors/index.ts';
import type { Manifest } from '../../../shared/encoding/manifest.ts';
import type { ModelRef } from '../../../shared/log/payloads.ts';
import { sha256Hex } from '../../../shared/log/canonical.ts';
import {
  activeModelId,
  deleteModel,
  findByManifest,
  findModel,
  insertModel,
  recordActivation,
  setSource,
  sourceOf,
  wasActivated,
  type ModelRecord,
  type ModelSource,
} from '../store/models.ts';
import { keepSchema } from '../store/schemas.ts';
import type { Inference, StoredModel } from '../inference/inference.ts';
import type { LiveBus } from '../live/change-bus.ts';
import type { Db } from '../store/db.ts';
import type { KeyValues } from '../store/key-values.ts';
import type { EventLog } from '../store/log.ts';
import type { Clock } from '../../../platform/environment.ts';
import { approvals } from './approval.ts';
import { checkBytes } from '../../../platform/models/check-model.ts';
import { openModel } from './files.ts';
import { parseManifest } from '../../../platform/models/parse-manifest.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** Models kept in the encrypted database. */
export interface InstalledModels {
  active(): StoredModel | null;
  get(id: string): StoredModel | null;
  /**
   * Verifies (hash, manifest, ops, golden rows) and stores a model; idempotent by manifest hash.
   * `file` models can be dry-run only.
   */
  install(input: { model: Uint8Array; manifest: Uint8Array; source: ModelSource }): Promise<StoredModel>;
  /** Loads, warms up, then switches in one transaction with a `model.activated` event; running scores finish on the old one. */
  activate(id: string, source: ModelSource | 'rollback'): Promise<void>;
}

interface ModelRegistryOptions {
  readonly db: Db;
  readonly keyValues: KeyValues;
  readonly log: () => EventLog;
  readonly inference: Inference;
  readonly live: LiveBus;
  readonly clock: Clock;
}

/** Models kept in memory: the active one, one on trial, one that made earlier scores. */
const maxKept = 3;

type ActivationSource = Parameters<InstalledModels['activate']>[1];

function refOf({ model }: Manifest): ModelRef {
  return { id: model.id, version: model.version, sha256: model.sha256 };
}

class Models implements InstalledModels {
  private readonly options: ModelRegistryOptions;
  /** The last models read: parsing a manifest and reading megabytes for every score would be slow. */
  private readonly read = new Map<string, StoredModel>();

  constructor(options: ModelRegistryOptions) {
    this.options = options;
  }

  active(): StoredModel | null {
    const id = activeModelId(this.options.db);
    return id === null ? null : this.get(id);
  }

  get(id: string): StoredModel | null {
    const kept = this.read.get(id);
    if (kept !== undefined) return kept;
    const record = findModel(this.options.db, id);
    if (record === null) return null;
    const { manifest, manifest_sha256: manifestSha256, bytes } = record;
    const stored = { manifest: parseManifest(manifest), manifestSha256, bytes };
    const [oldest] = this.read.keys();
    if (oldest !== undefined && this.read.size >= maxKept) this.read.delete(oldest);
    this.read.set(id, stored);
    return stored;
  }

  async install({ model, manifest, source }: Parameters<InstalledModels['install']>[0]): Promise<StoredModel> {
    const known = findByManifest(this.options.db, sha256Hex(manifest));
    if (known !== null) return this.again(known, model, source);
    const stored = openModel({ model, manifest });
    await this.options.inference.load(stored);
    const { id } = stored.manifest.model;
    const record = { id, manifest_sha256: stored.manifestSha256, manifest, bytes: model, source };
    this.options.db
      .transaction(() => {
        this.store(record);
        keepSchema(this.options.db, stored.manifest.schema);
      })
      .immediate();
    this.options.live.publish('models', id);
    return stored;
  }

  /** A model that is here already; coming on a trusted way now, it is no longer only a file from elsewhere. */
  private again(id: string, model: Uint8Array, source: ModelSource): StoredModel {
    const { db, live } = this.options;
    const stored = this.get(id);
    if (stored === null) throw new OutpostError('NOT_FOUND', sentence('models.not_here'));
    checkBytes(stored.manifest, model);
    if (source !== 'file' && sourceOf(db, id) === 'file') {
      setSource(db, id, source);
      live.publish('models', id);
    }
    return stored;
  }

  private store(record: ModelRecord): void {
    const { db, clock } = this.options;
    // A second call may have stored the same files while this one loaded them.
    if (findByManifest(db, record.manifest_sha256) !== null) return;
    const present = sourceOf(db, record.id);
    if (present !== null) {
      // A file from elsewhere that took the id of an approved model must not keep that model out.
      const replaceable = present === 'file' && record.source !== 'file' && !wasActivated(db, record.id);
      if (!replaceable) {
        throw new OutpostError('BAD_MANIFEST', sentence('models.another_manifest_model_installed_already'), {
          data: { field: 'model.id' },
        });
      }
      deleteModel(db, record.id);
      this.read.delete(record.id);
    }
    insertModel(db, record, new Date(clock.now()).toISOString());
  }

  private mayActivate(id: string): void {
    const { db, keyValues } = this.options;
    if (approvals(db, keyValues)(id)) return;
    const why = sourceOf(db, id) === 'file' ? sentence('models.came_as_file') : sentence('models.not_released_now');
    throw new OutpostError('NOT_APPROVED', sentence('models.dry_run_only', { why }));
  }

  async activate(id: string, source: ActivationSource): Promise<void> {
    const { inference, db, live } = this.options;
    const next = this.get(id);
    if (next === null) throw new OutpostError('NOT_FOUND', sentence('models.not_here_stays'));
    this.mayActivate(id);
    if (activeModelId(db) === id) return;
    // Loaded and checked before the switch, so that the first case after it waits for nothing and a model that does
    // not run never becomes active. Runs on the old model go on: both stay loaded.
    await inference.load(next);
    db.transaction(() => this.switchTo(next, source)).immediate();
    live.publish('models', id);
    live.publish('status');
  }

  private switchTo(next: StoredModel, source: ActivationSource): void {
    const { db, log, clock } = this.options;
    const { id } = next.manifest.model;
    this.mayActivate(id);
    const previousId = activeModelId(db);
    if (previousId === id) return;
    const previous = previousId === null ? null : findModel(db, previousId);
    log().append({
      type: 'model.activated',
      public: {
        model: refOf(next.manifest),
        manifest: next.manifestSha256,
        previous: previous === null ? null : refOf(parseManifest(previous.manifest)),
        source,
      },
    });
    recordActivation(db, id, source, new Date(clock.now()).toISOString());
  }
}

/** The models of one open vault. `log` is asked for at each activation, since a fork replaces it. */
export function createInstalledModels(options: ModelRegistryOptions): InstalledModels {
  return new Models(options);
}
