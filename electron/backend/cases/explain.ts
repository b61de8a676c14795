import type { z } from 'zod';
import { explanationSchema } from '../../../shared/contract/views.ts';
import { encodeFacts } from '../../../shared/encoding/encode.ts';
import { factsReader } from '../../../shared/encoding/read-under.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { explanationOf, topReasons } from './explanation.ts';
import { jobFailure } from '../store/job-failures.ts';
import { caseState, getCase, keepExplanation, keptExplanation } from '../store/cases.ts';
import { schemasOf } from '../store/schemas.ts';
import type { Session } from '../session/context.ts';
import { isDue, noteFailure, noteSuccess, reasonsFailed, type TryOptions } from './retries.ts';
import { isHidden } from './views.ts';
import { sentence } from '../../../shared/language/sentence.ts';

type Explanation = z.infer<typeof explanationSchema>;

/**
 * Explains the first score of a case, over the facts it was made from, and keeps the result with the reasons for the
 * list. Works for hidden scores too: what is withheld is decided where it would be shown.
 */
export async function makeExplanation(session: Session, id: string): Promise<Explanation> {
  const { score, verdict, model, intake_facts: facts } = getCase(session.db, id);
  if (score === null || verdict === null || model === null)
    throw new OutpostError('CONFLICT', sentence('cases.case_no_score_yet'));
  const kept = keptExplanation(session.db, id, model.sha256);
  if (kept !== null) return explanationSchema.parse(JSON.parse(kept));
  const stored = session.models.get(model.id);
  if (stored === null) throw new OutpostError('NOT_FOUND', sentence('cases.model_scored_case_no_longer_laptop'));
  const { schema } = stored.manifest;
  const row = encodeFacts(schema, factsReader(schema, schemasOf(session.db))(facts));
  await session.inference.load(stored);
  const result = await session.inference.explain(model.sha256, row);
  const explanation = explanationOf(result, stored.manifest, row);
  // The case may have been erased while the model ran.
  if (caseState(session.db, id) === 'here') {
    keepExplanation(
      session.db,
      id,
      model.sha256,
      topReasons(result, stored.manifest, row, verdict),
      JSON.stringify(explanation),
    );
  }
  return explanation;
}

/**
 * The explanation to show; CONFLICT while the score is hidden, MODEL_FAILED (data: tries, nextTry) when it could not be
 * made. What failed before is not tried at every look, since it may take the inference process with it: only when it is
 * due, or asked for by `again`.
 */
export async function explainCase(
  session: Session,
  options: TryOptions,
  id: string,
  again: boolean,
): Promise<Explanation> {
  if (isHidden(getCase(session.db, id))) {
    throw new OutpostError('CONFLICT', sentence('cases.score_case_not_shown_until_outcome'));
  }
  const before = jobFailure(session.db, 'explain', id);
  if (before !== null && !again && !isDue(before, options)) throw reasonsFailed(before);
  try {
    const explanation = await makeExplanation(session, id);
    noteSuccess(session, 'explain', id);
    return explanation;
  } catch (error) {
    const noted = noteFailure(session, options, { kind: 'explain', id, error, byPerson: again });
    const failure = noted ? jobFailure(session.db, 'explain', id) : null;
    throw failure === null ? error : reasonsFailed(failure, error);
  }
}
