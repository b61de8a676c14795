export * from './binomial.ts';
export * from './curves.ts';
export * from './delong.ts';
export * from './paired.ts';
export * from './ranking.ts';
export * from './scores.ts';
export * from './special.ts';
export * from './verdicts.ts';
