import { simulateCases } from '../../learning/simulate/index.ts';
import { canonicalJson, type Json } from '../../shared/log/canonical.ts';
import { genesisHash, sealEvent, verifyChain, type LogEvent } from '../../shared/log/event.ts';
import { compare, mustAgree, timePerUnit, type Comparison } from './measure.ts';

const count = 10_000;
const log = '018f0000-0000-7000-8000-000000000001';

function events(): LogEvent[] {
  const cases = simulateCases({ cases: count, seed: 3, from: '2026-06-01', days: 100 });
  return Array.from(cases, (c, i) => ({
    v: 1 as const,
    log,
    seq: i + 1,
    prev: genesisHash,
    id: `018f0000-0000-7000-8000-${String(i).padStart(12, '0')}`,
    type: 'case.received',
    at: `${c.received}T09:00:00.000Z`,
    zone: 'Asia/Kolkata',
    person: null,
    app: '0.1.0',
    public: {
      case: `018f0000-0000-7000-8000-${String(i).padStart(12, '0')}`,
      received: c.received,
      urgent: c.urgent,
      facts: c.facts as unknown as Json,
    } as LogEvent['public'],
    commitment: null,
  }));
}

function chain(list: readonly LogEvent[]): string[] {
  let prev = genesisHash;
  return list.map((event) => {
    const sealed = sealEvent({ ...event, prev });
    prev = sealed.hash;
    return sealed.text;
  });
}

/** What canonical form and hash chain cost on top of plain JSON. */
export async function logComparisons(): Promise<Comparison[]> {
  const list = events();
  const texts = chain(list);
  const { head } = verifyChain({ log, seq: 0, hash: genesisHash }, texts);
  mustAgree(head.seq === count, 'the chain does not verify');
  mustAgree(
    texts.every((text) => canonicalJson(JSON.parse(text) as Json) === text),
    'stored bytes are not canonical',
  );
  const plain = await timePerUnit(count, 5, () => list.map((event) => JSON.stringify(event)));
  const chained = await timePerUnit(count, 5, () => chain(list));
  const parsed = await timePerUnit(count, 5, () => texts.map((text) => JSON.parse(text) as unknown));
  const verified = await timePerUnit(count, 3, () => verifyChain({ log, seq: 0, hash: genesisHash }, texts));
  return [
    compare({
      name: 'Writing entries of a log',
      unit: 'entry',
      ours: { what: 'canonical JSON, hash, chain', microseconds: chained },
      other: { what: 'JSON.stringify alone', microseconds: plain },
      checked: `${count} entries; the chain verifies. Below 1: what custody costs.`,
    }),
    compare({
      name: 'Reading entries of a log',
      unit: 'entry',
      ours: { what: 'parse, check form, hash and chain', microseconds: verified },
      other: { what: 'JSON.parse alone', microseconds: parsed },
      checked: `The same ${count} entries.`,
    }),
  ];
}
