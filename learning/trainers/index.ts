import { z } from 'zod';
import { OutpostError } from '../../shared/errors/index.ts';
import { boostingTrainer } from './boosting/index.ts';
import type { Frame, Rows } from '../dataset/frame.ts';
import { logisticTrainer } from './logistic/index.ts';
import { explainParameters } from './base/parameters.ts';
import type { FitContext, FittedModel, Trainer } from './base/trainer.ts';
import { inTurn, sentence } from '../../shared/language/sentence.ts';

/** A trainer with its parameters parsed: ready to fit. */
export interface ReadyTrainer {
  readonly name: TrainerName;
  readonly id: string;
  /** All parameters, defaults filled in. */
  readonly params: unknown;
  readonly calibration: Trainer['calibration'];
  readonly fit: (frame: Frame, rows: Rows, context: FitContext) => FittedModel;
  readonly revive: Trainer['revive'];
  readonly effort: number;
}

function ready<P>(name: TrainerName, trainer: Trainer<P>, given: Readonly<Record<string, unknown>>): ReadyTrainer {
  const parsed = trainer.params.safeParse(given);
  if (!parsed.success) {
    const why = explainParameters(trainer, given, parsed.error);
    throw new OutpostError('BAD_INPUT', sentence('trainers.bad_parameters', { why }), { cause: parsed.error });
  }
  const params = parsed.data;
  return {
    name,
    id: trainer.id,
    params,
    calibration: trainer.calibration,
    revive: trainer.revive,
    effort: trainer.effort,
    fit: (frame, rows, context) => trainer.fit(frame, rows, params, context),
  };
}

/** Names of the trainers there are, the simplest first. */
export const trainerNames = ['logistic', 'boosting'] as const;
export type TrainerName = (typeof trainerNames)[number];

/** The trainers themselves, the simplest first. */
export const trainers: readonly Pick<
  Trainer,
  'name' | 'id' | 'about' | 'card' | 'fitText' | 'calibration' | 'params'
>[] = [logisticTrainer, boostingTrainer];

/** A trainer by its name, with parameters. Throws BAD_INPUT for parameters it does not know. */
export function trainerOf(name: TrainerName, params: Readonly<Record<string, unknown>>): ReadyTrainer {
  switch (name) {
    case 'logistic':
      return ready(name, logisticTrainer, params);
    case 'boosting':
      return ready(name, boostingTrainer, params);
  }
}

const paramsByTrainer = z.record(z.string(), z.record(z.string(), z.json()));

/**
 * The trainers a setting names, ready to fit: for `auto` all of them, parameters given by trainer. Throws BAD_INPUT for
 * parameters they do not know or take.
 */
export function trainersFor(
  trainer: TrainerName | 'auto',
  params: Readonly<Record<string, unknown>>,
): [ReadyTrainer, ...ReadyTrainer[]] {
  if (trainer !== 'auto') return [trainerOf(trainer, params)];
  const byName = paramsByTrainer.safeParse(params);
  const unknown = Object.keys(params).find((name) => !(trainerNames as readonly string[]).includes(name));
  if (!byName.success || unknown !== undefined) {
    const wrong = unknown === undefined ? [] : [sentence('trainers.no_such_trainer', { name: unknown })];
    const right = sentence('trainers.by_trainer', { trainer: trainerNames[0] });
    throw new OutpostError('BAD_INPUT', inTurn([...wrong, right]));
  }
  const [first, ...others] = trainerNames;
  return [
    trainerOf(first, byName.data[first] ?? {}),
    ...others.map((name) => trainerOf(name, byName.data[name] ?? {})),
  ];
}
