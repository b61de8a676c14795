import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CandidateReport } from '../../shared/contract/registry.ts';
import { addDays, daysBetween } from '../../shared/drift/days.ts';
import type { MonitorReport } from '../../shared/drift/report.ts';
import { createRandom, type Random } from '../../learning/statistics/random.ts';
import { simulateCases, type SimulatedCase } from '../../learning/simulate/index.ts';
import { releaseOf as releasePath } from '../../shared/releases/targets.ts';
import { inTurn } from '../../shared/language/sentence.ts';
import { inEnglish } from '../support/saying.ts';
import { testRegistry } from '../support/registry.ts';
import { daysOfUse, plan, storyClock, type StoryClock } from './calendar.ts';
import { createCentre, type Centre } from './centre.ts';
import { modelVersion, openLaptop, recordOutcomes, takeIn, type FieldLaptop } from './laptop.ts';

/** What the daily turn of the centre reported. */
export interface DayAtCentre {
  readonly day: string;
  readonly sentence: string;
  readonly report: MonitorReport;
  readonly waiting: string | null;
}

/** Everything the promises are checked on. */
export interface Played {
  readonly laptops: readonly FieldLaptop[];
  readonly centre: Centre;
  readonly days: readonly DayAtCentre[];
  /** State of a candidate after one and after two signatures, in the order of approvals. */
  readonly approvals: readonly {
    day: string;
    report: CandidateReport;
    /** Id of the model. */
    model: string;
    afterOne: string;
    afterTwo: string;
  }[];
  /** Model versions by laptop at the end of each day. */
  readonly versions: ReadonlyMap<string, Readonly<Record<string, number | null>>>;
  /** Cases taken in while a release was being installed on the same laptop. */
  readonly duringInstall: number;
  close(): Promise<void>;
}

interface World {
  readonly clock: StoryClock;
  readonly centre: Centre;
  readonly laptops: FieldLaptop[];
  readonly random: Random;
  readonly seed: number;
}

const offices = ['North', 'East', 'South', 'West'];
const fleet = [
  { name: 'north-1', office: 'North', usbOnly: false },
  { name: 'north-2', office: 'North', usbOnly: false },
  { name: 'east-1', office: 'East', usbOnly: false },
  { name: 'east-silent', office: 'East', usbOnly: false },
  { name: 'south-1', office: 'South', usbOnly: false },
  { name: 'west-usb', office: 'West', usbOnly: true },
];
/** The laptop nobody hears of for eight weeks. */
export const silentLaptop = 'east-silent';
const pilotOffice = 'south';

function setTime(world: Pick<World, 'clock' | 'centre'>, instant: string): void {
  world.clock.set(instant);
  world.centre.setTime(world.clock.now());
}

/** Brings a candidate through two admins' own machines and answers with what the registry thought after each. */
async function approveByTwo(world: World, report: CandidateReport, day: string): Promise<Played['approvals'][number]> {
  await world.centre.approve(report.candidate, 1);
  const { state: afterOne, manifest } = await world.centre.proposal(report.candidate);
  await world.centre.approve(report.candidate, 3);
  const { state: afterTwo } = await world.centre.proposal(report.candidate);
  return { day, report, model: manifest.model.id, afterOne, afterTwo };
}

function isSilent(laptop: FieldLaptop, day: string): boolean {
  return laptop.name === silentLaptop && day >= plan.silentFrom && day < plan.silentUntil;
}

async function contact(world: World, laptop: FieldLaptop): Promise<void> {
  if (laptop.usbOnly) {
    await world.centre.carryStick(laptop);
    return;
  }
  laptop.online = true;
  await laptop.backend.client.sync.now({});
  laptop.online = false;
}

/** Contact while a case is being taken in: neither waits for the other. Answers how many cases came in meanwhile. */
async function contactWhileScoring(
  world: World,
  laptop: FieldLaptop,
  cases: readonly SimulatedCase[],
): Promise<number> {
  await Promise.all([
    contact(world, laptop),
    (async () => {
      for (const one of cases) await takeIn(laptop, one);
    })(),
  ]);
  return cases.length;
}

async function found(seed: number): Promise<{ world: World; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-story-'));
  const start = `${plan.useFrom}T04:00:00.000Z`;
  const clock = storyClock(start);
  const registry = await testRegistry({ start });
  const centre = createCentre(registry, clock, folder);
  const empty = join(folder, 'no-bundled-model');
  mkdirSync(empty);
  const laptops: FieldLaptop[] = [];
  for (const one of fleet) laptops.push(await openLaptop(one, clock, empty, seed));
  const close = async (): Promise<void> => {
    for (const laptop of laptops) await laptop.backend.dispose();
    await registry.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { world: { clock, centre, laptops, random: createRandom(seed + 1), seed }, close };
}

function simulated(seed: number): { history: SimulatedCase[]; use: SimulatedCase[] } {
  const days = daysBetween(plan.trainFrom, plan.until);
  const cases = Math.round((plan.casesPerWeek * days) / 7);
  const all = [...simulateCases({ cases, seed, from: plan.trainFrom, days, changeAt: plan.changeAt, offices })];
  return { history: all.filter((c) => c.received < plan.useFrom), use: all.filter((c) => c.received >= plan.useFrom) };
}

/** Three months of complaints train model 1; two admins sign; laptops join and install it. */
async function prologue(world: World, history: readonly SimulatedCase[]): Promise<Played['approvals'][number]> {
  const { centre, laptops, seed } = world;
  await centre.importHistory(history);
  const { proposed } = await centre.trainFirst(seed);
  if (proposed === null) throw new Error('the first model did not pass its gates');
  const approval = await approveByTwo(world, proposed, plan.useFrom);
  for (const laptop of laptops) {
    laptop.online = !laptop.usbOnly;
    await centre.enrol(laptop);
    if (laptop.usbOnly) await centre.carryStick(laptop);
    laptop.online = false;
  }
  await centre.pointTo(releaseOf(approval), []);
  for (const laptop of laptops) await contact(world, laptop);
  return approval;
}

function releaseOf(approval: Played['approvals'][number]): string {
  return releasePath(approval.model);
}

interface Rollout {
  readonly approval: Played['approvals'][number];
  readonly everywhereFrom: string;
}

/** Plays the whole story. Every part is real; only time, the network's presence and the residents are made up. */
export async function play(seed: number, onWeek: (day: string) => void): Promise<Played> {
  const { world, close } = await found(seed);
  const { history, use } = simulated(seed);
  const approvals = [await prologue(world, history)];
  const days: DayAtCentre[] = [];
  const versions = new Map<string, Record<string, number | null>>();
  const byDay = Map.groupBy(use, (one) => one.received);
  let rollout: Rollout | null = null;
  let duringInstall = 0;
  for (const day of daysOfUse()) {
    if (new Date(`${day}T00:00:00Z`).getUTCDay() === 1) onWeek(day);
    duringInstall += await workDay(world, day, byDay.get(day) ?? []);
    setTime(world, `${day}T20:00:00.000Z`);
    const turn = await world.centre.turn(seed);
    if (turn.watched !== null)
      days.push({
        day,
        sentence: inEnglish(inTurn(turn.watched.sentences)),
        report: turn.watched.report,
        waiting: turn.waiting && inEnglish(turn.waiting),
      });
    if (turn.retrained?.proposed) {
      const approval = await approveByTwo(world, turn.retrained.proposed, day);
      approvals.push(approval);
      rollout = { approval, everywhereFrom: addDays(day, plan.pilotDays) };
      await world.centre.pointTo(releaseOf(approval), [pilotOffice]);
    }
    if (rollout !== null && day === rollout.everywhereFrom) await world.centre.pointTo(releaseOf(rollout.approval), []);
    versions.set(
      day,
      Object.fromEntries(await Promise.all(world.laptops.map(async (l) => [l.name, await modelVersion(l)] as const))),
    );
  }
  await epilogue(world);
  return { laptops: world.laptops, centre: world.centre, days, approvals, versions, duringInstall, close };
}

function laptopFor(world: World, one: SimulatedCase): FieldLaptop {
  const there = world.laptops.filter((laptop) => laptop.office === one.office);
  return world.random.pick(there);
}

/** One day in the field: cases come in, outcomes are recorded, and in the evening some laptops have contact. */
async function workDay(world: World, day: string, cases: readonly SimulatedCase[]): Promise<number> {
  setTime(world, `${day}T05:00:00.000Z`);
  const mine = Map.groupBy(cases, (one) => laptopFor(world, one));
  const isStickDay = new Date(`${day}T00:00:00Z`).getUTCDay() === 5;
  let meanwhile = 0;
  for (const laptop of world.laptops) {
    const todo = mine.get(laptop) ?? [];
    const hasContact = !isSilent(laptop, day) && (laptop.usbOnly ? isStickDay : world.random.chance(0.4));
    const during = hasContact ? todo.slice(-2) : [];
    for (const one of todo.slice(0, todo.length - during.length)) await takeIn(laptop, one);
    await recordOutcomes(laptop, day);
    if (hasContact) meanwhile += await contactWhileScoring(world, laptop, during);
  }
  return meanwhile;
}

/** Everybody has contact twice, so that what was recorded last arrives too. */
async function epilogue(world: World): Promise<void> {
  setTime(world, `${plan.until}T05:00:00.000Z`);
  for (const laptop of world.laptops) await contact(world, laptop);
  for (const laptop of world.laptops) await contact(world, laptop);
  await world.centre.turn(world.seed);
}
