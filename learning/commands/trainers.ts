import { Command } from 'commander';
import { OutpostError } from '../../shared/errors/index.ts';
import { parametersOf, type ParameterInfo } from '../trainers/base/parameters.ts';
import { trainers } from '../trainers/index.ts';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { jsonOption } from '../../platform/command-options.ts';
import { listed, sentence, type Text } from '../../shared/language/sentence.ts';

function parameterLines({ name, default: preset, range, meaning, source }: ParameterInfo): Text[] {
  return [
    sentence('trainers.parameter', { name, range, preset: JSON.stringify(preset) }),
    source === ''
      ? sentence('trainers.meaning', { meaning })
      : sentence('trainers.meaning_and_source', { meaning, source }),
  ];
}

function trainersNamed(name: string | undefined): typeof trainers {
  if (name === undefined) return trainers;
  const found = trainers.filter((trainer) => trainer.name === name);
  if (found.length > 0) return found;
  const there = listed(trainers.map((trainer) => trainer.name));
  throw new OutpostError('BAD_INPUT', sentence('learn.no_such_trainer', { name, trainers: there }));
}

/** `learn trainers`: the trainers there are, with every parameter. */
export function trainersCommand(io: CommandIo): Command {
  const { say } = io.language;
  return new Command('trainers')
    .description(say('trainers.about'))
    .argument('[name]', say('trainers.only_this'))
    .option(...jsonOption(io.language))
    .addHelpText('after', `\n${say('trainers.explained')}\n\n${say('trainers.example')}`)
    .action((name: string | undefined, options: { readonly json?: boolean }) => {
      const found = trainersNamed(name).map((trainer) => ({
        name: trainer.name,
        id: trainer.id,
        about: trainer.about,
        calibration: trainer.calibration,
        parameters: parametersOf(trainer.params),
      }));
      const lines = found.flatMap(({ name: trainer, about: what, parameters }, i) => {
        return [
          ...(i === 0 ? [] : ['']),
          sentence('trainers.trainer', { trainer, about: what }),
          ...parameters.flatMap(parameterLines),
        ];
      });
      print(io, options.json, { trainers: found }, lines);
    });
}
