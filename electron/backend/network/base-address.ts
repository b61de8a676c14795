/** Base address with exactly one slash at its end. */
export function baseOf(address: string): string {
  return `${address.replace(/\/+$/, '')}/`;
}
