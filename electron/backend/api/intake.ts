import { implement } from '@orpc/server';
import { backendContract } from '../../../shared/contract/backend.ts';
import { intakeForm, previewTactics } from '../cases/form.ts';
import { checkIndicator } from '../cases/indicator-matches.ts';
import type { BackendContext } from '../session/context.ts';

/** What the intake form needs before anything is saved. */
export function intakeApi(context: BackendContext) {
  const os = implement(backendContract.intake);
  return {
    form: os.form.handler(() => intakeForm(context.session())),
    checkIndicator: os.checkIndicator.handler(({ input }) =>
      checkIndicator(context.session().db, input.kind, input.value),
    ),
    previewTactics: os.previewTactics.handler(({ input }) =>
      previewTactics(context.session(), input.tactics, input.about),
    ),
  };
}
