import { implement } from '@orpc/server';
import { backendContract } from '../../../shared/contract/backend.ts';
import { schemaHash } from '../../../shared/encoding/schema-identity.ts';
import { newestSchema } from '../cases/schema.ts';
import { askedNow } from '../cases/renamed-questions.ts';
import { discardDraft, keepDraft, keptDraft } from '../drafts/drafts.ts';
import type { BackendContext } from '../session/context.ts';

/** What is being written and not saved yet. */
export function draftsApi(context: BackendContext) {
  const os = implement(backendContract.drafts);
  return {
    get: os.get.handler(({ input }) => {
      const session = context.session();
      const draft = keptDraft(session, input);
      return draft && { ...draft, asked: askedNow(session, draft.schema) };
    }),
    put: os.put.handler(({ input: { base, schema: form, content, becomes, ...place } }) => {
      const session = context.session();
      const savedAt = new Date(context.options.clock.now()).toISOString();
      const schema = form ?? schemaHash(newestSchema(session).schema);
      keepDraft(session, place, { base, schema, content, savedAt }, becomes);
      return { savedAt };
    }),
    discard: os.discard.handler(({ input }) => {
      discardDraft(context.session(), input);
      return {};
    }),
  };
}
