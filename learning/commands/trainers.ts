import { Command } from 'commander';
import { OutpostError } from '../../shared/errors/index.ts';
import { parametersOf, type ParameterInfo } from '../trainers/base/parameters.ts';
import { trainers } from '../trainers/index.ts';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { jsonOption } from '../../platform/command-options.ts';
import { sentence } from '../../shared/language/sentence.ts';

function parameterLines({ name, default: preset, range, meaning, source }: ParameterInfo): string[] {
  const from = source === '' ? '' : ` (${source})`;
  return [`  ${name}: ${range}; default ${JSON.stringify(preset)}`, `      ${meaning}${from}`];
}

function trainersNamed(name: string | undefined): typeof trainers {
  if (name === undefined) return trainers;
  const found = trainers.filter((trainer) => trainer.name === name);
  if (found.length > 0) return found;
  const there = trainers.map((trainer) => trainer.name).join(', ');
  throw new OutpostError('BAD_INPUT', sentence('learn.no_such_trainer', { name, trainers: there }));
}

const about = `
Parameters go into a JSON file for "learn train --params", as in {"maxDepth": 4, "earlyStopping": {"share": 0.2}};
for --trainer auto by trainer, as in {"logistic": {"l2": 2}, "boosting": {"maxDepth": 4}}.

Example: learn trainers boosting`;

/** `learn trainers`: the trainers there are, with every parameter. */
export function trainersCommand(io: CommandIo): Command {
  return new Command('trainers')
    .description('list the trainers and their parameters: what each may be, its default, its meaning and its source')
    .argument('[name]', 'only this trainer')
    .option(...jsonOption(io.language))
    .addHelpText('after', about)
    .action((name: string | undefined, options: { readonly json?: boolean }) => {
      const listed = trainersNamed(name).map((trainer) => ({
        name: trainer.name,
        id: trainer.id,
        about: trainer.about,
        calibration: trainer.calibration,
        parameters: parametersOf(trainer.params),
      }));
      const lines = listed.flatMap(({ name: trainer, about: what, parameters }, i) => {
        return [...(i === 0 ? [] : ['']), `${trainer}: ${what}`, ...parameters.flatMap(parameterLines)];
      });
      print(io, options.json, { trainers: listed }, lines);
    });
}
