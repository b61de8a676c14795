import type { Logger } from 'pino';
import { isOutpostError, messageOf } from '../../../shared/errors/index.ts';
import { activeModelId, sourceOf } from '../store/models.ts';
import type { Inference, StoredModel } from '../inference/inference.ts';
import type { InstalledModels } from './installed-models.ts';
import type { Db } from '../store/db.ts';
import type { KeyValues } from '../store/key-values.ts';
import { approvals } from './approval.ts';
import { readBundled } from './files.ts';

interface BundledOptions {
  readonly db: Db;
  readonly keyValues: KeyValues;
  readonly models: InstalledModels;
  /** Folder of the release that ships with the program. */
  readonly modelsDir: string;
}

/** True when the bundled release should take over: it may, and nothing is active or an earlier bundled one is. */
function takesOver({ db, keyValues, models }: BundledOptions, bundled: StoredModel): boolean {
  const [active, activeId] = [models.active(), activeModelId(db)];
  if (!approvals(db, keyValues)(bundled.manifest.model.id)) return false;
  if (active === null || activeId === null) return true;
  return sourceOf(db, activeId) === 'bundled' && active.manifest.model.created < bundled.manifest.model.created;
}

/**
 * Installs the release that ships with the program. It becomes active only when nothing but an earlier bundled release
 * is: what came from a registry or was chosen here stays. Safe to repeat. BAD_MODEL or BAD_MANIFEST when the shipped
 * files are damaged; nothing is changed then.
 */
async function installBundled(options: BundledOptions): Promise<StoredModel> {
  const { models, modelsDir } = options;
  const bundled = await models.install({ ...(await readBundled(modelsDir)), source: 'bundled' });
  if (takesOver(options, bundled)) await models.activate(bundled.manifest.model.id, 'bundled');
  return bundled;
}

/**
 * Gets the models of a session ready: installs the bundled release and warms the active one up without waiting for it.
 * A model that fails is logged and keeps nobody out of their cases; they say themselves that there is no score.
 */
export async function prepareModels(options: BundledOptions & { inference: Inference; logger: Logger }): Promise<void> {
  const note = (error: unknown): void => {
    const { code, message } = isOutpostError(error) ? error : { code: 'INTERNAL', message: messageOf(error) };
    options.logger.error({ code, reason: message }, 'a model could not be made ready');
  };
  try {
    await installBundled(options);
  } catch (error) {
    if (!isOutpostError(error)) throw error;
    note(error);
  }
  const active = options.models.active();
  if (active !== null) void options.inference.load(active).catch(note);
}
