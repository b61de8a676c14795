const form = /^SIM-\d{6,}$/;

/** Reference of the n-th invented case: `SIM-000001`. */
export function simulatedReference(n: number): string {
  return `SIM-${String(n).padStart(6, '0')}`;
}

/** True for a reference as the simulator gives it, so that what is made of such cases can say that they are invented. */
export function isSimulatedReference(reference: string): boolean {
  return form.test(reference.trim());
}

/** Counts rows of a table that have a reference of the simulator, on their way to what takes them. */
export function countSimulated(header: readonly string[]): {
  readonly passOn: <Row>(add: (row: Row) => void) => (row: Row, line: number, cells: readonly string[]) => void;
  readonly count: () => number;
} {
  const at = header.indexOf('reference');
  let count = 0;
  return {
    passOn: (add) => (row, _line, cells) => {
      if (isSimulatedReference(cells[at] ?? '')) count += 1;
      add(row);
    },
    count: () => count,
  };
}
