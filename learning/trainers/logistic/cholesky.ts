import { OutpostError } from '../../../shared/errors/index.ts';
import { sentence } from '../../../shared/language/sentence.ts';

function notDefinite(): OutpostError {
  return new OutpostError('BAD_INPUT', sentence('trainers.training_problem_no_unique_solution'));
}

/** Factors the lower triangle of `a` (size n*n, row-major) in place into L with a = L L'. */
function factor(a: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      if (i > j) a[i * n + j] = sum / a[j * n + j]!;
      else if (sum > 0) a[j * n + j] = Math.sqrt(sum);
      else throw notDefinite();
    }
  }
}

/**
 * Solves `a x = b` as `solveCholesky` does when the part of `a` from `from` to `to` is diagonal, which is eliminated first
 * (Schur complement; Golub & Van Loan, Matrix Computations, 3.2.11): the work grows with the square, not with the third
 * power, of the rest.
 */
export function solveBordered(a: Float64Array, b: Float64Array, from: number, to: number): Float64Array {
  const n = b.length;
  const rest = Uint32Array.from([...b.keys()].filter((i) => i < from || i >= to));
  const [size, right] = [rest.length, Float64Array.from(rest, (i) => b[i]!)];
  const schur = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) schur[i * size + j] = a[rest[i]! * n + rest[j]!]!;
  }
  const between = (i: number, d: number): number => (i < d ? a[d * n + i]! : a[i * n + d]!);
  const border = new Float64Array(size);
  for (let d = from; d < to; d++) {
    const diagonal = a[d * n + d]!;
    if (!(diagonal > 0)) throw notDefinite();
    for (let i = 0; i < size; i++) border[i] = between(rest[i]!, d);
    for (let i = 0; i < size; i++) {
      if (border[i] === 0) continue;
      const factor = border[i]! / diagonal;
      right[i]! -= factor * b[d]!;
      for (let j = 0; j <= i; j++) schur[i * size + j]! -= factor * border[j]!;
    }
  }
  const found = solveCholesky(schur, right);
  const x = new Float64Array(n);
  rest.forEach((i, k) => (x[i] = found[k]!));
  for (let d = from; d < to; d++) {
    let sum = b[d]!;
    for (let i = 0; i < size; i++) sum -= between(rest[i]!, d) * found[i]!;
    x[d] = sum / a[d * n + d]!;
  }
  return x;
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
