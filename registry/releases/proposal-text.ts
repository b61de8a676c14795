import type { Channel, Proposal } from '../../shared/contract/registry.ts';
import { quoted, sentence, type Sentence, type Text } from '../../shared/language/sentence.ts';
import { gateSentence } from '../../shared/releases/gate-sentence.ts';
import { releaseOf } from '../../shared/releases/targets.ts';

/** A candidate with its gates and signatures, as lines. */
export function proposalLines({ report, manifest, state, signatures, threshold }: Proposal): Text[] {
  const { candidate, evidenceRows, flips, gates } = report;
  const { id, name, version } = manifest.model;
  return [
    sentence('registry.proposal', { candidate, state, name, version, signatures: signatures.length, threshold }),
    sentence('registry.proposal_words', { words: quoted(report.sentence) }),
    ...(state === 'approved' ? [sentence('registry.proposal_release', { release: releaseOf(id) })] : []),
    sentence('registry.proposal_evidence', { cases: evidenceRows, flips }),
    ...gates.map((gate) => sentence('registry.listed_gate', { gate: gateSentence(gate) })),
  ];
}

/** Every candidate, as lines. */
export function proposalsLines(proposals: readonly Proposal[]): Text[] {
  return proposals.length === 0 ? [sentence('registry.no_proposal')] : proposals.flatMap(proposalLines);
}

/** An office and the release it is pointed to. */
export function channelLine({ office, release }: Channel): Sentence {
  return release === null
    ? sentence('registry.channel_empty', { office })
    : sentence('registry.channel', { office, release });
}
