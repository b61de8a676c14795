import type { Page } from '@playwright/test';

/** Texts that a host sent to a window, each with the field it came in. */
export type Data = Map<string, string>;

/** Fields whose texts a window shows as they are, by the reason why no catalogue says them. */
const REASONS: Readonly<Record<string, readonly string[]>> = {
  'people’s own words': [
    'reference',
    'nextReference',
    'resident',
    'contact',
    'place',
    'narrative',
    'note',
    'safeContact',
    'name',
    'office',
    'person',
    'value',
  ],
  'labels and questions of the feature schema': ['label', 'question', 'unit'],
  'tags of tactics': ['tag', 'given', 'tactics', 'tacticsGiven', 'understoodTactics'],
  'names, ids, hashes and places that are the same in every language': [
    'id',
    'trainer',
    'sha256',
    'hash',
    'log',
    'modelName',
    'dataFolder',
    'appVersion',
    'currencies',
    'type',
  ],
  'the bytes that leave, shown exactly': ['text'],
  'what a column says, in the words of the feature schema': ['reasons', 'phrase', 'what'],
};
const EXCEPTED = new Set(Object.values(REASONS).flat());

/** What goes into a sentence is data, or a sentence itself. */
const ARGUMENT = '(argument)';

function walk(value: unknown, field: string, into: Data): void {
  if (typeof value === 'string') {
    if (EXCEPTED.has(field) || field === ARGUMENT) into.set(value, field);
  }
  if (Array.isArray(value)) for (const item of value) walk(item, field, into);
  else if (typeof value === 'object' && value !== null) {
    const isSentence = 'code' in value && 'args' in value;
    for (const [name, item] of Object.entries(value)) {
      if (isSentence && name === 'code') continue;
      walk(item, isSentence || field === ARGUMENT ? ARGUMENT : name, into);
    }
  }
}

/** Notes every text that the host sends to a window. */
export function collectData(page: Page): Data {
  const data: Data = new Map();
  page.on('response', (response) => {
    const json = /\/rpc\//.test(response.url()) && /json/.test(response.headers()['content-type'] ?? '');
    if (json)
      void response.json().then(
        (body) => walk((body as { json: unknown }).json, '', data),
        () => undefined,
      );
  });
  return data;
}

interface Shown {
  readonly text: string;
  readonly where: string;
}

/** Every text of a page, also of attributes that are read out or shown on hovering. */
function textsOf(page: Page, except: string): Promise<Shown[]> {
  return page.evaluate((derived) => {
    const found: { text: string; where: string }[] = [];
    const where = (element: Element): string => {
      const names: string[] = [];
      for (let one: Element | null = element; one !== null && names.length < 4; one = one.parentElement)
        names.unshift(
          `${one.tagName.toLowerCase()}${one.id === '' ? '' : `#${one.id}`}${[...one.classList].map((name) => `.${name}`).join('')}`,
        );
      return names.join(' > ');
    };
    for (const element of document.querySelectorAll('*')) {
      if (element.matches('script, style, head *') && !element.matches('title')) continue;
      if (element.closest(derived) !== null) continue;
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
        const text = element.getAttribute(name) ?? '';
        if (text !== '') found.push({ text, where: `${where(element)} @${name}` });
      }
      for (const node of element.childNodes) {
        if (node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '')
          found.push({ text: node.textContent ?? '', where: where(element) });
      }
    }
    return found;
  }, except);
}

/** Words of the dates that the locale of the language makes. */
const CALENDAR =
  /\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|January|February|March|April|June|July|August|September|October|November|December|at)\b/g;

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** What is left of a text without what the host sent: words of ours that no catalogue said. */
function plainWords(text: string, known: readonly string[]): string[] {
  let rest = text;
  for (const one of known) {
    if (rest.toLowerCase().includes(one.toLowerCase())) rest = rest.replaceAll(new RegExp(escaped(one), 'gi'), ' ');
  }
  return rest.replaceAll(CALENDAR, ' ').match(/[A-Za-z]{2,}/g) ?? [];
}

/** Where texts of the host are shown in part: initials, hashes cut short, labels of charts. */
const DERIVED = '.initials, td.mono, .drawing text';

/** Texts of a page with words that neither a catalogue said nor the host sent. */
export async function plainTexts(page: Page, data: Data): Promise<Shown[]> {
  const known = [...data]
    // A unit loses its s for one.
    .flatMap(([one, field]) => [one, one.replaceAll('_', ' '), ...(field === 'unit' ? [one.replace(/s$/, '')] : [])])
    .filter((one) => /[A-Za-z]{2}/.test(one))
    .toSorted((a, b) => b.length - a.length);
  const texts = (await textsOf(page, DERIVED)).filter(({ text }) => /[A-Za-z]{2}/.test(text));
  return texts.filter(({ text }) => plainWords(text, known).length > 0);
}

/**
 * Texts that do not fit where they stand: cut off by a box that hides what goes beyond it, or drawn over another text.
 * Meant to be cut is what ends with an ellipsis while it stands whole in a title, and the line of keys below the queue,
 * which drops the last ones.
 */
export function cutTexts(page: Page): Promise<Shown[]> {
  return page.evaluate(() => {
    interface Place {
      readonly node: Node;
      readonly text: string;
      readonly parent: Element;
      readonly box: { left: number; right: number; top: number; bottom: number };
    }
    const found: { text: string; where: string }[] = [];
    const nameOf = (one: Element | null): string =>
      one === null ? '' : `${one.tagName.toLowerCase()}${[...one.classList].map((name) => `.${name}`).join('')}`;
    const report = ({ text, parent }: Place, how: string): void =>
      void found.push({ text, where: `${how} in ${nameOf(parent)} in ${nameOf(parent.parentElement)}` });
    const isMeant = (one: Element): boolean =>
      one.matches('.hints') || (getComputedStyle(one).textOverflow === 'ellipsis' && one.closest('[title]') !== null);
    // A part on a line that is not shown is left out whole, and the title says it: nothing is cut.
    const isLeftOut = (one: Element, top: number): boolean =>
      one.matches('.c-reason[title]') && top >= one.getBoundingClientRect().bottom - 1.5;
    const dialog = document.querySelector('[role=dialog], [role=alertdialog], [role=menu]');
    const places: Place[] = [];
    const walker = document.createTreeWalker(dialog ?? document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement;
      const text = (node.textContent ?? '').trim();
      if (parent === null || text === '' || parent.closest('script, style, option, .skip') !== null) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const { left, right, top, bottom } of range.getClientRects()) {
        const box = { left, right, top, bottom };
        const place = { node, text, parent, box };
        if (right - left < 2 || bottom - top < 2) continue;
        let hidden = false;
        for (
          let one: Element | null = parent;
          one !== null && one !== document.documentElement;
          one = one.parentElement
        ) {
          const style = getComputedStyle(one);
          if (style.clipPath !== 'none' || style.visibility === 'hidden' || style.opacity === '0') hidden = true;
          if (style.display === 'inline' || style.overflow === 'visible') continue;
          const edge = one.getBoundingClientRect();
          const hides = (overflow: string): boolean => overflow === 'hidden' || overflow === 'clip';
          const across = box.right > edge.right + 1.5 || box.left < edge.left - 1.5;
          const down = box.bottom > edge.bottom + 3 || box.top < edge.top - 3;
          const beyond = (across && hides(style.overflowX)) || (down && hides(style.overflowY));
          if (beyond && !hidden && !isMeant(one) && !isLeftOut(one, box.top)) report(place, `cut by ${nameOf(one)}`);
          box.left = Math.max(box.left, edge.left);
          box.right = Math.min(box.right, edge.right);
          box.top = Math.max(box.top, edge.top);
          box.bottom = Math.min(box.bottom, edge.bottom);
        }
        if (!hidden && box.right > box.left && box.bottom > box.top) places.push(place);
      }
    }
    for (const [index, one] of places.entries()) {
      for (const other of places.slice(index + 1)) {
        if (other.node === one.node) continue;
        const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        if (across > 1.5 && down > 4) report(one, `drawn over “${other.text.slice(0, 40)}” ${nameOf(other.parent)}`);
      }
    }
    return found;
  });
}

/** How far the page goes beyond the right edge of the window, in pixels. */
export function beyondEdge(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth));
}
