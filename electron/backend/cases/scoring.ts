import { factsReader } from '../../../shared/encoding/read-under.ts';
import { schemaRef } from '../../../shared/encoding/schema-identity.ts';
import { encodeFacts, outsideReasons, type EncodedRow } from '../../../shared/encoding/encode.ts';
import type { Facts } from '../../../shared/domain/facts.ts';
import { stratumOf } from '../../../shared/domain/audit.ts';
import { verdictOf } from '../../../shared/domain/verdict.ts';
import { boundColumns, type Manifest } from '../../../shared/encoding/manifest.ts';
import { isOutpostError, OutpostError } from '../../../shared/errors/index.ts';
import type { ModelRef, PublicPayload } from '../../../shared/log/payloads.ts';
import type { StoredModel } from '../inference/inference.ts';
import { schemasOf } from '../store/schemas.ts';
import type { Session } from '../session/context.ts';
import { drawAudit } from './audit.ts';

/** A model as events name it. */
function modelRef(manifest: Manifest): ModelRef {
  const { id, version, sha256 } = manifest.model;
  return { id, version, sha256 };
}

/** Why a case is outside what a model knows, over the columns the model reads. */
export function outsideOf(manifest: Manifest, facts: Facts): ReturnType<typeof outsideReasons> {
  const columns = boundColumns(manifest.binding);
  return outsideReasons(manifest.schema, facts, { maxMissingShare: manifest.maxMissingShare, columns });
}

/** The active model; NO_MODEL when there is none. */
function needModel(session: Session): StoredModel {
  const model = session.models.active();
  if (model === null) throw new OutpostError('NO_MODEL');
  return model;
}

function scoredPayload(
  session: Session,
  manifest: Manifest,
  id: string,
  facts: Facts,
  score: number,
): PublicPayload<'case.scored'> {
  const verdict = verdictOf(score, manifest.thresholds);
  const outside = outsideOf(manifest, facts);
  const stratum = stratumOf({ score, verdict, outside }, manifest.thresholds);
  return {
    case: id,
    model: modelRef(manifest),
    schema: schemaRef(manifest.schema),
    score,
    verdict,
    outside,
    audit: drawAudit(session.auditKey, id, stratum),
  };
}

/** A case to be scored; `at` (milliseconds) only for simulated cases of the past. */
interface ToScore {
  readonly id: string;
  readonly facts: Facts;
  readonly at?: number;
}

async function runModel(session: Session, model: StoredModel, rows: readonly EncodedRow[]): Promise<number[]> {
  await session.inference.load(model);
  const results = await session.inference.score(model.manifest.model.sha256, rows);
  return results.map((result) => result.score);
}

/**
 * Makes the first scores of cases with the active model, from the facts as at intake, and writes them with their
 * audit draw in one transaction. A case that got a score in the meantime keeps it.
 */
export async function scoreFirst(session: Session, cases: readonly ToScore[]): Promise<void> {
  if (cases.length === 0) return;
  const model = needModel(session);
  const { schema } = model.manifest;
  const facts = factsReader(schema, schemasOf(session.db));
  const read = cases.map((item) => ({ ...item, facts: facts(item.facts) }));
  const scores = await runModel(
    session,
    model,
    read.map(({ facts }) => encodeFacts(schema, facts)),
  );
  session.db
    .transaction(() => {
      const log = session.log();
      const missing = session.db.prepare(
        'SELECT 1 FROM cases WHERE id = ? AND score IS NULL AND erased = 0 AND historical = 0',
      );
      read.forEach(({ id, facts, at }, index) => {
        const score = scores[index];
        if (score === undefined || missing.get(id) === undefined) return;
        const payload = scoredPayload(session, model.manifest, id, facts, score);
        log.append({ type: 'case.scored', public: payload, ...(at === undefined ? {} : { at }) });
      });
    })
    .immediate();
}

/** Whether an error leaves a saved case merely without a score. */
export function isScoringProblem(error: unknown): error is OutpostError {
  return ['NO_MODEL', 'MODEL_FAILED', 'BAD_MODEL', 'BAD_MANIFEST'].some((code) =>
    isOutpostError(error, code as OutpostError['code']),
  );
}
