import { implement } from '@orpc/server';
import { backendContract } from '../../../shared/contract/backend.ts';
import type { Vault } from '../vault/vault.ts';
import type { Session } from '../session/context.ts';

/** First start, opening and locking. */
export function vaultApi(vault: Vault<Session>) {
  const os = implement(backendContract.vault);
  return {
    create: os.create.handler(({ input }) => vault.create(input)),
    unlock: os.unlock.handler(async ({ input }) => {
      await vault.unlock(input);
      return {};
    }),
    recoveryKey: os.recoveryKey.handler(() => ({ recoveryKey: vault.recoveryKey() })),
    confirmRecoveryKey: os.confirmRecoveryKey.handler(() => {
      vault.confirmRecoveryKey();
      return {};
    }),
    renewRecoveryKey: os.renewRecoveryKey.handler(async ({ input }) => ({
      recoveryKey: await vault.renewRecoveryKey(input.passphrase),
    })),
    lock: os.lock.handler(async () => {
      await vault.lock();
      return {};
    }),
  };
}
