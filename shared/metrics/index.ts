export * from './binomial.ts';
export * from './scores.ts';
export * from './special.ts';
