import { Command } from 'commander';
import type { Proposal } from '../../shared/contract/registry.ts';
import { counted } from '../../shared/encoding/phrases.ts';
import { inEnglish } from '../../shared/errors/in-english.ts';
import { gateSentence } from '../../shared/releases/gate-sentence.ts';
import { releaseOf } from '../../shared/releases/targets.ts';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { readInput } from '../../platform/files.ts';
import { asAdmin, withAdmin, type AdminOptions } from './open.ts';
import { jsonOption } from '../../platform/command-options.ts';

type Options = AdminOptions & { readonly json?: boolean };

function proposalLines({ report, manifest, state, signatures, threshold }: Proposal): string[] {
  return [
    `${report.candidate}  ${state}  ${manifest.model.name}, version ${manifest.model.version}, ${signatures.length} of ${threshold} signatures`,
    `    ${report.sentence}`,
    ...(state === 'approved' ? [`    release: ${releaseOf(manifest.model.id)}`] : []),
    `    evidence: ${counted(report.evidenceRows, 'case')}; ${counted(report.flips, 'changed verdict')}`,
    ...report.gates.map((gate) => `    ${inEnglish(gateSentence(gate))}`),
  ];
}

/** `registry push`: proposes a model from another program. */
export function pushCommand(io: CommandIo): Command {
  return withAdmin(new Command('push'))
    .description(
      'propose a model from another program for approval: it is judged on labelled cases that it cannot have learned from; where there are none, the approvers are told so',
    )
    .requiredOption('--model <file>', 'model.onnx')
    .requiredOption('--manifest <file>', 'manifest.json')
    .option(...jsonOption(io.language))
    .action(async (options: Options & { model: string; manifest: string }) => {
      const [model, manifest] = [readInput(options.model), readInput(options.manifest)];
      const proposal = await asAdmin(io, options, (access) => access.push(model, manifest));
      print(io, options.json, proposal, proposalLines(proposal));
    });
}

/** `registry proposals`: what is proposed for approval, and what was decided. */
export function proposalsCommand(io: CommandIo): Command {
  return withAdmin(new Command('proposals'))
    .description('list candidates with their gates and signatures, newest first')
    .option(...jsonOption(io.language))
    .action(async (options: Options) => {
      const proposals = await asAdmin(io, options, (access) => access.proposals());
      print(
        io,
        options.json,
        proposals,
        proposals.length === 0
          ? ['Nothing is proposed for approval. Train a candidate or push a model.']
          : proposals.flatMap(proposalLines),
      );
    });
}

/** `registry channel set`: which release offices run. */
export function channelCommand(io: CommandIo): Command {
  const channel = new Command('channel').description('which release each office should run');
  withAdmin(channel.command('set'))
    .description(
      'point offices (all, also later ones, without --office) to an approved release; rolling back is the same with an earlier one',
    )
    .requiredOption('--release <path>', 'releases/<model id>')
    .option('--office <id...>', 'only these offices')
    .option(...jsonOption(io.language))
    .action(async (options: Options & { release: string; office?: string[] }) => {
      const channels = await asAdmin(io, options, (access) => access.setChannel(options.release, options.office ?? []));
      print(
        io,
        options.json,
        channels,
        channels.map((one) => `${one.office}: ${one.release ?? 'none yet'}`),
      );
    });
  return channel;
}

/** `registry offices`: laptops, cases, last contact and channel of each office. */
export function officesCommand(io: CommandIo): Command {
  return withAdmin(new Command('offices'))
    .description('list offices with their laptops, received cases, last contact and release')
    .option(...jsonOption(io.language))
    .action(async (options: Options) => {
      const offices = await asAdmin(io, options, (access) => access.offices());
      const line = (one: (typeof offices)[number]): string =>
        `${one.id}  ${one.name}: ${counted(one.devices, 'laptop')}, ${counted(one.cases, 'case')}, last contact ${one.lastSeen ?? 'never'}, ${one.release ?? 'no release yet'}`;
      print(
        io,
        options.json,
        offices,
        offices.length === 0 ? ['No office yet. Make an enrolment code with "registry enrol".'] : offices.map(line),
      );
    });
}
