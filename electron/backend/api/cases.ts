import { implement } from '@orpc/server';
import { backendContract } from '../../../shared/contract/backend.ts';
import type { Cases } from '../cases/service.ts';

/** The queue, one case, and everything done with it. */
export function casesApi(cases: Cases) {
  const os = implement(backendContract.cases);
  return {
    list: os.list.handler(({ input }) => cases.list(input)),
    get: os.get.handler(({ input }) => cases.get(input.id, input.look)),
    create: os.create.handler(({ input: { id, ...intake } }) => cases.create(intake, id)),
    edit: os.edit.handler(({ input }) => {
      cases.edit(input.id, input.base, input.intake);
      return {};
    }),
    score: os.score.handler(async ({ input }) => {
      await cases.score(input.id);
      return {};
    }),
    explain: os.explain.handler(({ input }) => cases.explain(input.id, input.again)),
    recordOutcome: os.recordOutcome.handler(({ input: { id, base, ...outcome } }) => {
      cases.recordOutcome(id, base, outcome);
      return {};
    }),
    erase: os.erase.handler(({ input }) => {
      cases.erase(input.id);
      return {};
    }),
  };
}
