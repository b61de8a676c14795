import { inEnglish } from '../../shared/errors/in-english.ts';
import { addDays } from '../../shared/drift/days.ts';
import { between, sharesOf, trueCases, type Shares, type TrueCase } from './figures.ts';
import { plan } from './calendar.ts';
import { silentLaptop, type DayAtCentre, type Played } from './play.ts';

/** Something the product promises, whether it was kept, and the figures behind it. */
interface PromiseKept {
  readonly promise: string;
  readonly kept: boolean;
  readonly figures: string;
}

function percent(value: number | null): string {
  return value === null ? 'none' : `${(100 * value).toFixed(1)} %`;
}

function shown({ cases, recall, missed, accused, unclear }: Shares): string {
  return `found ${percent(recall)}, missed ${percent(missed)}, providers called scam ${percent(accused)}, unclear ${percent(unclear)} of ${cases}`;
}

/** The three stretches that are compared. */
interface Stretches {
  readonly before: Shares;
  readonly drifted: Shares;
  readonly after: Shares;
  readonly alarm: DayAtCentre | undefined;
  /** First day every laptop that has contact ran the second model. */
  readonly everywhere: string | undefined;
}

function isEverywhere(versions: Readonly<Record<string, number | null>>): boolean {
  return Object.entries(versions).every(([name, version]) => name === silentLaptop || version === 2);
}

/** Before the change; from two weeks into it until the alarm; and the cases the second model scored first. */
function stretchesOf(played: Played, cases: readonly TrueCase[]): Stretches {
  const alarm = played.days.find((d) => d.report.kind === 'alarm');
  const everywhere = [...played.versions].find(([, versions]) => isEverywhere(versions))?.[0];
  const grown = addDays(plan.changeAt, 14);
  return {
    before: sharesOf(between(cases, plan.useFrom, plan.changeAt)),
    drifted: sharesOf(between(cases, grown, plan.until).filter(({ scored }) => scored.model.version === 1)),
    after: sharesOf(cases.filter(({ scored }) => scored.model.version === 2)),
    alarm,
    everywhere,
  };
}

function approvalPromises({ approvals }: Played): PromiseKept[] {
  const states = approvals.map(({ afterOne, afterTwo }) => `${afterOne}, then ${afterTwo}`);
  return [
    {
      promise: 'One signature releases nothing, two of three do',
      kept: approvals.length > 0 && approvals.every((a) => a.afterOne === 'open' && a.afterTwo === 'approved'),
      figures: states.join('; '),
    },
    {
      promise: 'A second model was trained, gated and approved',
      kept: approvals.length >= 2,
      figures: approvals[1]?.report.sentence ?? 'none',
    },
  ];
}

function alarmPromises(played: Played, { alarm }: Stretches): PromiseKept[] {
  const early = played.days.filter((d) => d.day < plan.changeAt && d.report.kind === 'alarm');
  const tactic = alarm?.report.findings.find((f) => f.kind === 'tactic' && f.alarm && f.tag.includes('upi'));
  const later = played.days.filter((d) => d.report.kind === 'alarm');
  const attributes = new Set(
    later.flatMap((d) => d.report.findings.flatMap((f) => (f.kind === 'attribute' ? [inEnglish(f.label)] : []))),
  );
  return [
    {
      promise: 'No false alarm in five weeks of daily looks',
      kept: early.length === 0,
      figures: early[0]?.sentence ?? `${played.days.filter((d) => d.day < plan.changeAt).length} looks`,
    },
    {
      promise: 'The alarm comes within six weeks of the change and names the new tactic',
      kept: alarm !== undefined && alarm.day <= addDays(plan.changeAt, 42) && tactic !== undefined,
      figures: alarm === undefined ? 'no alarm' : `${alarm.day}: ${alarm.sentence}`,
    },
    {
      promise: 'It names attributes that changed with it',
      kept: attributes.size > 0,
      figures: [...attributes].join(', ') || 'none',
    },
  ];
}

function figurePromises({ before, drifted, after }: Stretches): PromiseKept[] {
  const n = (value: number | null): number => value ?? NaN;
  return [
    {
      promise: 'The figures hold before the change: at most 6 % of scams missed',
      kept: n(before.missed) <= 0.06,
      figures: shown(before),
    },
    {
      promise: 'The change shows: missed scams at least double under the old model',
      kept: n(drifted.missed) >= 2 * n(before.missed),
      figures: shown(drifted),
    },
    {
      promise: 'Afterwards no more than 6 % of scams are missed, and fewer than half as many as during the change',
      kept: n(after.missed) <= 0.06 && n(after.missed) <= n(drifted.missed) / 2,
      figures: shown(after),
    },
    {
      promise: 'No higher share of genuine providers is called scam (within 3 points)',
      kept: n(after.accused) <= n(before.accused) + 0.03,
      figures: `${percent(before.accused)} before, ${percent(after.accused)} after`,
    },
  ];
}

async function rolloutPromises(played: Played, cases: readonly TrueCase[]): Promise<PromiseKept[]> {
  const second = [...played.versions].find(([, v]) => Object.values(v).includes(2));
  const others =
    second === undefined
      ? []
      : Object.entries(second[1])
          .filter(([, version]) => version === 2)
          .map(([name]) => name);
  const taken = played.laptops.reduce((sum, laptop) => sum + laptop.truth.size, 0);
  const last = [...played.versions.values()].at(-1) ?? {};
  return [
    {
      promise: 'The pilot office runs the new model first',
      kept: others.length > 0 && others.every((name) => name.startsWith('south')),
      figures: second === undefined ? 'nobody' : `${second[0]}: ${others.join(', ')}`,
    },
    {
      promise: 'All laptops run it in the end, one by stick only, one after eight silent weeks',
      kept: Object.values(last).every((version) => version === 2),
      figures: Object.entries(last)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    },
    {
      promise: 'No case went without a first score, also none taken in during an installation',
      kept: cases.length === taken && played.duringInstall > 0,
      figures: `${cases.length} of ${taken} scored, ${played.duringInstall} taken in while syncing`,
    },
    await nothingLost(played),
  ];
}

async function nothingLost({ laptops, centre }: Played): Promise<PromiseKept> {
  const rows = await centre.registry.context.db.selectFrom('logs').select(['id', 'seq', 'hash']).execute();
  const stored = new Map(rows.map((row) => [row.id, row]));
  const missing = laptops.filter((laptop) => {
    const head = laptop.backend.backend.context.session().log().head();
    const there = stored.get(head.log);
    return there?.seq !== head.seq || there.hash !== head.hash;
  });
  const entries = rows.reduce((sum, row) => sum + row.seq, 0);
  return {
    promise: 'Nothing is lost: every log arrived whole, entry by entry',
    kept: missing.length === 0,
    figures: missing.length === 0 ? `${entries} entries of ${rows.length} logs` : missing.map((l) => l.name).join(', '),
  };
}

/** Every promise of the scenario with its verdict. */
export async function judgePromises(played: Played): Promise<{ promises: PromiseKept[]; stretches: Stretches }> {
  const cases = trueCases(played.laptops);
  const stretches = stretchesOf(played, cases);
  const promises = [
    ...approvalPromises(played),
    ...figurePromises(stretches),
    ...alarmPromises(played, stretches),
    ...(await rolloutPromises(played, cases)),
  ];
  return { promises, stretches };
}
