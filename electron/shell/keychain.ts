import type { SafeStorage } from 'electron';

type Storage = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>;

/** The operating system's protection of keys; bytes go in and out as base64. */
export interface Keychain {
  /** False where the system would only hide a key in plain sight: then no key is given to it. */
  available(): Promise<boolean>;
  wrap(bytes: string): Promise<string>;
  unwrap(wrapped: string): Promise<string>;
}

/** Makes a keychain over the shell's safe storage. On Linux `basic_text` and an unknown store count as no protection. */
export function createKeychain(storage: Storage, platform: NodeJS.Platform): Keychain {
  return {
    async available() {
      if (!(await storage.isAsyncEncryptionAvailable())) return false;
      if (platform !== 'linux') return true;
      const store = storage.getSelectedStorageBackend();
      return store !== 'basic_text' && store !== 'unknown';
    },
    wrap: async (bytes) => (await storage.encryptStringAsync(bytes)).toString('base64'),
    unwrap: async (wrapped) => (await storage.decryptStringAsync(Buffer.from(wrapped, 'base64'))).result,
  };
}
