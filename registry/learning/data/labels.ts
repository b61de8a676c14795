const labels: Readonly<Record<string, 0 | 1>> = {
  '1': 1,
  '1.0': 1,
  yes: 1,
  true: 1,
  scam: 1,
  confirmed_scam: 1,
  '0': 0,
  '0.0': 0,
  no: 0,
  false: 0,
  genuine: 0,
  genuine_provider: 0,
};

/** Label of a cell: 1 scam, 0 genuine provider, null when nothing is known; undefined for anything else. */
export function labelIn(cell: string): 0 | 1 | null | undefined {
  const text = cell.trim().toLowerCase();
  // Inconclusive outcomes say neither and teach nothing.
  if (text === '' || text === 'inconclusive') return null;
  return Object.hasOwn(labels, text) ? labels[text]! : undefined;
}
