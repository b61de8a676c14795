import { withLatinDigits } from '../../shared/domain/digits.ts';

/** Up to three digits and a nought, then one part of four or five digits, or one of four and one of up to three. */
const form = /^(\D*?)([1-9]\d{0,2})\.0\.([1-9]\d{3,4})(?:\.(0|[1-9]\d{0,2}))?(\D*)$/;
/** Main versions that have to follow each other: three telephone numbers are seldom in order by chance. */
const fewestMain = 3;

/** A version in a text, with what stands around it. */
interface Version {
  readonly text: string;
  readonly around: string;
  readonly main: number;
  readonly build: number;
}

function versionOf(text: string): (Version & { readonly parts: 3 | 4 }) | null {
  const found = form.exec(withLatinDigits(text.normalize('NFKC')));
  if (found === null) return null;
  const [, before = '', main = '', build = '', patch, after = ''] = found;
  const parts = patch === undefined ? 3 : 4;
  // With these lengths it would be a telephone number that is written with dots: 555.0.1234, 9.0.81055.512.
  if (parts === 3 ? main.length > 2 : build.length > 4) return null;
  // Of three parts those of one main version are alike.
  const around = [before, after, parts === 3 ? main : '4'].join('N');
  return { text, around, main: Number(main), build: Number(build), parts };
}

/** Builds of one main version, as of an operating system: 10.0.19045 beside 10.0.22631. */
function areBuilds(versions: readonly Version[]): boolean {
  return new Set(versions.map(({ build }) => build)).size > 1;
}

/** Main versions with one build each that rises with them, as browsers count: 119.0.6045.105, 120.0.6099.71, 121.0.6167.85. */
function areReleases(versions: readonly Version[]): boolean {
  const builds = Map.groupBy(versions, ({ main }) => main);
  const each = [...builds].toSorted(([a], [b]) => a - b).map(([, of]) => new Set(of.map(({ build }) => build)));
  if (each.length < fewestMain || each.some((of) => of.size > 1)) return false;
  const rising = each.map((of) => [...of][0]!);
  return rising.slice(1).every((build, k) => build > rising[k]!);
}

/**
 * Those of a column's texts that are versions with seven digits or more, written alike and counting as versions do. One
 * that stands alone may be a telephone number with dots.
 */
export function versionTexts(texts: Iterable<string>): ReadonlySet<string> {
  const found = [...texts].map(versionOf).filter((version) => version !== null);
  const alike = [...Map.groupBy(found, ({ around, parts }) => `${parts} ${around}`).values()];
  const versions = alike.filter((of) => (of[0]!.parts === 3 ? areBuilds(of) : areReleases(of)));
  return new Set(versions.flat().map(({ text }) => text));
}
