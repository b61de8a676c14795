import { Command } from 'commander';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { jsonOption } from '../../platform/command-options.ts';
import { readInput } from '../../platform/files.ts';
import { requireModel } from '../../platform/models/require-model.ts';
import { officeLines } from '../laptops/offices.ts';
import { channelLine, proposalLines, proposalsLines } from '../releases/proposal-text.ts';
import { asAdmin, withAdmin, type AdminOptions } from './open.ts';

type Options = AdminOptions & { readonly json?: boolean };

/** `registry push`: proposes a model from another program. */
export function pushCommand(io: CommandIo): Command {
  return withAdmin(new Command('push'), io.language)
    .description(io.language.say('registry.push_about'))
    .requiredOption('--model <file>', 'model.onnx')
    .requiredOption('--manifest <file>', 'manifest.json')
    .option(...jsonOption(io.language))
    .action(async (options: Options & { model: string; manifest: string }) => {
      const [model, manifest] = [readInput(options.model), readInput(options.manifest)];
      requireModel(options.model, model);
      const proposal = await asAdmin(io, options, (access) => access.push(model, manifest));
      print(io, options.json, proposal, proposalLines(proposal));
    });
}

/** `registry proposals`: what is proposed for approval, and what was decided. */
export function proposalsCommand(io: CommandIo): Command {
  return withAdmin(new Command('proposals'), io.language)
    .description(io.language.say('registry.proposals_about'))
    .option(...jsonOption(io.language))
    .action(async (options: Options) => {
      const proposals = await asAdmin(io, options, (access) => access.proposals());
      print(io, options.json, proposals, proposalsLines(proposals));
    });
}

/** `registry channel set`: which release offices run. */
export function channelCommand(io: CommandIo): Command {
  const { say } = io.language;
  const channel = new Command('channel').description(say('registry.channel_about'));
  withAdmin(channel.command('set'), io.language)
    .description(say('registry.channel_set_about'))
    .requiredOption('--release <path>', say('registry.channel_release'))
    .option('--office <id...>', say('registry.channel_office'))
    .option(...jsonOption(io.language))
    .action(async (options: Options & { release: string; office?: string[] }) => {
      const channels = await asAdmin(io, options, (access) => access.setChannel(options.release, options.office ?? []));
      print(io, options.json, channels, channels.map(channelLine));
    });
  return channel;
}

/** `registry offices`: laptops, cases, last contact and channel of each office. */
export function officesCommand(io: CommandIo): Command {
  return withAdmin(new Command('offices'), io.language)
    .description(io.language.say('registry.offices_about'))
    .option(...jsonOption(io.language))
    .action(async (options: Options) => {
      const offices = await asAdmin(io, options, (access) => access.offices());
      print(io, options.json, offices, officeLines(offices));
    });
}
