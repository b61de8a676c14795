import { OutpostError } from '../../../shared/errors/index.ts';

/** Factors the lower triangle of `a` (size n*n, row-major) in place into L with a = L L'. */
function factor(a: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      if (i > j) a[i * n + j] = sum / a[j * n + j]!;
      else if (sum > 0) a[j * n + j] = Math.sqrt(sum);
      else
        throw new OutpostError(
          'BAD_INPUT',
          'The training problem has no unique solution; a penalty above 0 is needed.',
        );
    }
  }
}

/**
 * Solves `a x = b` for a symmetric positive definite `a` given by its lower triangle (row-major, overwritten).
 * Throws BAD_INPUT when `a` is not positive definite.
 */
export function solveCholesky(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  factor(a, n);
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= a[i * n + k]! * x[k]!;
    x[i]! /= a[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= a[k * n + i]! * x[k]!;
    x[i]! /= a[i * n + i]!;
  }
  return x;
}
