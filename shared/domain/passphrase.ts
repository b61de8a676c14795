/** Fewest characters of a new passphrase, typed or from a file. */
export const shortestPassphrase = 8;
