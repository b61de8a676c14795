import type { SimulatedCase } from '../../learning/simulate/index.ts';
import type { Intake } from '../../shared/contract/views.ts';
import { addDays } from '../../shared/drift/days.ts';
import { payloadSchemas, type PublicPayload } from '../../shared/log/payloads.ts';
import { testBackend, type TestBackend } from '../support/backend.ts';
import { seededBytes } from '../support/fixed-draws.ts';
import type { StoryClock } from './calendar.ts';

/** A field laptop of the story: the real backend on a folder of its own, with a network that can be cut. */
export interface FieldLaptop {
  readonly name: string;
  readonly office: string;
  readonly usbOnly: boolean;
  readonly backend: TestBackend;
  /** Truth of each case by its id, known to the story only. */
  readonly truth: Map<string, SimulatedCase>;
  online: boolean;
}

/** Opens a laptop with an empty folder and no bundled model; everything it draws follows from `seed`. */
export async function openLaptop(
  given: { name: string; office: string; usbOnly: boolean },
  clock: StoryClock,
  modelsDir: string,
  seed: number,
): Promise<FieldLaptop> {
  const network = { online: false };
  const backend = await testBackend({
    clock: clock as never,
    modelsDir,
    random: seededBytes(`${seed} ${given.name}`),
    fetch: (...input) => (network.online ? fetch(...input) : Promise.reject(new TypeError('no network'))),
  });
  return {
    ...given,
    backend,
    truth: new Map(),
    get online() {
      return network.online;
    },
    set online(value: boolean) {
      network.online = value;
    },
  };
}

function intakeOf(one: SimulatedCase): Intake {
  return {
    urgent: one.urgent,
    received: one.received,
    attributes: one.facts.attributes,
    tactics: [...one.tacticsGiven],
    indicators: one.indicators.map(({ kind, value }) => ({ kind, value })),
    reference: one.reference,
    resident: one.resident,
    contact: '',
    place: one.place,
    safeContact: '',
    atRisk: false,
    needs: [],
    narrative: one.narrative,
    paidAt: '',
  };
}

/** Takes in a complaint and remembers its truth. */
export async function takeIn(laptop: FieldLaptop, one: SimulatedCase): Promise<void> {
  const { id } = await laptop.backend.client.cases.create(intakeOf(one));
  laptop.truth.set(id, one);
}

/**
 * Records the outcomes that are due on `today`. Investigators work what is scam, unclear or hidden for a check, and what
 * is urgent; the rest of the "not scam" cases nobody looks at.
 */
export async function recordOutcomes(laptop: FieldLaptop, today: string): Promise<void> {
  const { rows } = await laptop.backend.client.cases.list({ show: 'open', search: '', limit: 5000, offset: 0 });
  for (const row of rows) {
    const one = laptop.truth.get(row.id);
    if (one === undefined || one.outcome === null || addDays(one.received, one.outcomeDelayDays) > today) continue;
    if (row.verdict === 'not_scam' && row.group !== 'urgent') continue;
    await laptop.backend.client.cases.recordOutcome({
      id: row.id,
      base: null,
      outcome: one.outcome,
      reason: one.outcomeReason,
      note: '',
    });
  }
}

/** First scores in a laptop's log, by case. */
export function firstScores(laptop: FieldLaptop): Map<string, PublicPayload<'case.scored'>> {
  const events = laptop.backend.backend.context.session().log().read(0, 1_000_000);
  return new Map(
    events.flatMap(({ event }) => {
      if (event.type !== 'case.scored') return [];
      const scored = payloadSchemas['case.scored'].parse(event.public);
      return [[scored.case, scored] as const];
    }),
  );
}

/** Version of the model a laptop runs, null without one. */
export async function modelVersion(laptop: FieldLaptop): Promise<number | null> {
  return (await laptop.backend.client.app.status({})).model?.version ?? null;
}
