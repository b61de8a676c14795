import type { Random } from '../statistics/random.ts';

/** Chances of 1, 2, 3 and 4 complaints about one event. Invented. */
const sizes = [0.945, 0.04, 0.011, 0.004] as const;
/** Days until a further complaint: at least 1, exponential with this mean beyond, at most `most`. Invented. */
const delay = { mean: 4, most: 21 } as const;
/** Chance that a further complaint goes to another office. Invented. */
const elsewhere = 0.25;

/** A further complaint about an event that is still to come. */
export interface Further<Event> {
  readonly event: Event;
  /** Index of the office it is made to. */
  readonly office: number;
}

/** Complaints that are still to come, by the day (counted from the first) on which they are due. */
interface Incidents<Event> {
  /** Draws how often an event of this office will be complained about again, and keeps that. */
  readonly plan: (random: Random, event: Event, office: number, day: number) => void;
  /** Takes at most `most` complaints that are due on a day; the rest waits for the next day. */
  readonly due: (day: number, most: number) => Further<Event>[];
}

function sizeOf(random: Random): number {
  let left = random.next();
  const at = sizes.findIndex((p) => (left -= p) < 0);
  return at === -1 ? 1 : at + 1;
}

/** Keeps what is still to come of the incidents: as many as are open, however many cases there are. */
export function createIncidents<Event>(offices: number): Incidents<Event> {
  const open = new Map<number, Further<Event>[]>();
  const put = (day: number, further: readonly Further<Event>[]): void => {
    if (further.length > 0) open.set(day, [...(open.get(day) ?? []), ...further]);
  };
  return {
    plan: (random, event, office, day) => {
      for (let i = sizeOf(random); i > 1; i--) {
        const days = Math.min(delay.most, 1 + Math.floor(-delay.mean * Math.log(1 - random.next())));
        const moved = offices > 1 && random.chance(elsewhere) ? 1 + random.below(offices - 1) : 0;
        put(day + days, [{ event, office: (office + moved) % offices }]);
      }
    },
    due: (day, most) => {
      const waiting = open.get(day) ?? [];
      open.delete(day);
      put(day + 1, waiting.slice(most));
      return waiting.slice(0, most);
    },
  };
}
