/** Rows by value and label. */
type Counts = ReadonlyMap<string, readonly [number, number]>;

function logLikelihood(genuine: number, scams: number, p: number): number {
  const term = (n: number, q: number): number => (n > 0 ? n * Math.log(q) : 0);
  return term(scams, p) + term(genuine, 1 - p);
}

/** Largest log likelihood of log odds a + b x, by Newton's method on the standardised values. */
function lineLikelihood(points: readonly { x: number; n0: number; n1: number }[]): number {
  const total = points.reduce((sum, { n0, n1 }) => sum + n0 + n1, 0);
  const mean = points.reduce((sum, { x, n0, n1 }) => sum + x * (n0 + n1), 0) / total;
  const scale = Math.sqrt(points.reduce((sum, { x, n0, n1 }) => sum + (x - mean) ** 2 * (n0 + n1), 0) / total) || 1;
  const rate = points.reduce((sum, { n1 }) => sum + n1, 0) / total;
  let [a, b] = [Math.log(rate / (1 - rate)), 0];
  for (let step = 0; step < 50; step++) {
    // A little ridge keeps the slope finite when a value tells the label exactly.
    let [g0, g1, h00, h01, h11] = [0, 1e-6 * b, 0, 0, 1e-6];
    for (const { x, n0, n1 } of points) {
      const z = (x - mean) / scale;
      const p = 1 / (1 + Math.exp(-(a + b * z)));
      const residual = (n0 + n1) * p - n1;
      const curve = (n0 + n1) * p * (1 - p);
      g0 += residual;
      g1 += residual * z;
      h00 += curve;
      h01 += curve * z;
      h11 += curve * z * z;
    }
    const det = h00 * h11 - h01 * h01;
    if (!(det > 1e-12)) break;
    const [da, db] = [(h11 * g0 - h01 * g1) / det, (h00 * g1 - h01 * g0) / det];
    a -= Math.max(-2, Math.min(2, da));
    b -= Math.max(-2, Math.min(2, db));
    if (Math.abs(da) + Math.abs(db) < 1e-9) break;
  }
  return points.reduce((sum, { x, n0, n1 }) => {
    const p = 1 / (1 + Math.exp(-(a + (b * (x - mean)) / scale)));
    return sum + logLikelihood(n0, n1, Math.min(1 - 1e-15, Math.max(1e-15, p)));
  }, 0);
}

/**
 * Whether the log odds of the label go up or down with a whole number in a straight line: false when one rate per value
 * describes the rows better by Akaike's information criterion (1974). True without rows of both labels.
 */
export function straightLine(counts: Counts): boolean {
  const points = [...counts].map(([text, [n0, n1]]) => ({ x: Number(text), n0, n1 }));
  if (points.every((p) => p.n0 === 0) || points.every((p) => p.n1 === 0)) return true;
  const free = points.reduce((sum, { n0, n1 }) => sum + logLikelihood(n0, n1, n1 / (n0 + n1)), 0);
  return points.length - free >= 2 - lineLikelihood(points);
}
