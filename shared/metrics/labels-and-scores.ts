/** Labels (1 scam, 0 genuine) and probabilities of the same cases, with weights 1 unless given. */
export interface Scored {
  readonly labels: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
  readonly weights?: ArrayLike<number>;
}
