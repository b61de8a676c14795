import { OutpostError } from '../../shared/errors/index.ts';
import type { RetrainFrom } from './reproduce.ts';

/** Trains from the bytes of a dataset snapshot. */
export const retrainFrom: RetrainFrom = () =>
  Promise.reject(new OutpostError('BAD_INPUT', 'This version cannot read dataset snapshots.'));
