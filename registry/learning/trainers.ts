import { z } from 'zod';
import { OutpostError } from '../../shared/errors/index.ts';
import { boostingTrainer } from './boosting/index.ts';
import type { Frame, Rows } from './frame.ts';
import { logisticTrainer } from './logistic/index.ts';
import type { FitContext, FittedModel, Trainer } from './trainer.ts';

/** A trainer with its parameters parsed: ready to fit. */
export interface ReadyTrainer {
  readonly name: string;
  readonly id: string;
  /** All parameters, defaults filled in. */
  readonly params: unknown;
  readonly calibration: Trainer['calibration'];
  readonly fit: (frame: Frame, rows: Rows, context: FitContext) => FittedModel;
}

function ready<P>(trainer: Trainer<P>, given: Readonly<Record<string, unknown>>): ReadyTrainer {
  const parsed = trainer.params.safeParse(given);
  if (!parsed.success) {
    const why = z.prettifyError(parsed.error).replaceAll('\n', ' ');
    throw new OutpostError('BAD_INPUT', `The parameters do not fit the ${trainer.name} trainer. ${why}`, {
      cause: parsed.error,
    });
  }
  const params = parsed.data;
  return {
    name: trainer.name,
    id: trainer.id,
    params,
    calibration: trainer.calibration,
    fit: (frame, rows, context) => trainer.fit(frame, rows, params, context),
  };
}

/** Names of the trainers there are, the simplest first. */
export const trainerNames = ['logistic', 'boosting'] as const;
export type TrainerName = (typeof trainerNames)[number];

/** The trainers themselves, the simplest first. */
export const trainers: readonly Pick<Trainer, 'name' | 'params'>[] = [logisticTrainer, boostingTrainer];

/** A trainer by its name, with parameters. Throws BAD_INPUT for parameters it does not know. */
export function trainerOf(name: TrainerName, params: Readonly<Record<string, unknown>>): ReadyTrainer {
  switch (name) {
    case 'logistic':
      return ready(logisticTrainer, params);
    case 'boosting':
      return ready(boostingTrainer, params);
  }
}
