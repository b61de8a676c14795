import type { RegistryContext } from '../identity/context.ts';
import { enrolmentCodeText, ensureOffice, makeEnrolmentCode } from './enrolment.ts';
import { ensureChannel } from '../releases/channels.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';
import type { EnrolmentCode } from '../../shared/contract/registry.ts';

export interface OfficeView {
  readonly id: string;
  readonly name: string;
  readonly devices: number;
  readonly cases: number;
  readonly lastSeen: string | null;
  readonly release: string | null;
}

/** Makes a one-time code for one laptop of an office; creates the office and its channel when they are new. */
export async function inviteDevice(
  context: RegistryContext,
  input: { office: string; address: string },
): Promise<{ code: EnrolmentCode; text: string; office: string }> {
  const office = await ensureOffice(context, input.office);
  await ensureChannel(context, office.id);
  const code = await makeEnrolmentCode(context, office.id, input.address);
  return { code, text: enrolmentCodeText(code), office: office.id };
}

/** Offices as lines. */
export function officeLines(offices: readonly OfficeView[]): Sentence[] {
  if (offices.length === 0) return [sentence('registry.no_office')];
  return offices.map(({ id, name, devices, cases, lastSeen, release }) =>
    sentence('registry.office', {
      id,
      name,
      devices,
      cases,
      seen: lastSeen ?? sentence('registry.never_seen'),
      release: release ?? sentence('registry.no_release'),
    }),
  );
}

/** Every office with its laptops, received cases, last contact and channel. */
export async function listOffices(context: RegistryContext): Promise<OfficeView[]> {
  const { db } = context;
  const offices = await db
    .selectFrom('offices as o')
    .leftJoin('channels as c', 'c.office', 'o.id')
    .leftJoin('devices as d', 'd.office', 'o.id')
    .select((eb) => [
      'o.id',
      'o.name',
      'c.release',
      eb.fn.count<number>('d.id').as('devices'),
      eb.fn.max('d.last_seen').as('lastSeen'),
    ])
    .groupBy(['o.id', 'o.name', 'c.release'])
    .orderBy('o.name')
    .execute();
  const counts = await db
    .selectFrom('log_events as e')
    .innerJoin('logs as l', 'l.id', 'e.log')
    .innerJoin('devices as d', 'd.id', 'l.device')
    .select((eb) => ['d.office', 'e.type', eb.fn.countAll<number>().as('entries')])
    .where('e.type', 'in', ['case.received', 'case.withdrawn'])
    .where('e.counted', '=', 1)
    .groupBy(['d.office', 'e.type'])
    .execute();
  const cases = new Map<string, number>();
  for (const { office, type, entries } of counts) {
    const sign = type === 'case.received' ? 1 : -1;
    cases.set(office, (cases.get(office) ?? 0) + sign * Number(entries));
  }
  return offices.map((row) => ({
    id: row.id,
    name: row.name,
    devices: Number(row.devices),
    cases: cases.get(row.id) ?? 0,
    lastSeen: row.lastSeen,
    release: row.release,
  }));
}
