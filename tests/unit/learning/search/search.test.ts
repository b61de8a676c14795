import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createRandom } from '../../../../learning/statistics/random.ts';
import {
  bestOf,
  halvingRounds,
  searchSpace,
  type Evaluation,
  type SearchOptions,
  type TrialRequest,
} from '../../../../learning/search/search.ts';
import {
  defaultPoint,
  drawPoint,
  keyOf,
  parseSpace,
  type SearchTrainer,
} from '../../../../learning/search/search-space.ts';
import { foreign, OutpostError } from '../../../../shared/errors/index.ts';
import { fc, test } from '../../property.ts';
import { saying } from '../../../support/saying.ts';

const straight: SearchTrainer = {
  name: 'straight',
  params: z.strictObject({ l2: z.number().gt(0).max(1e9).default(1) }),
};
const bushy: SearchTrainer = {
  name: 'bushy',
  params: z.strictObject({
    rate: z.number().gt(0).max(1).default(0.1),
    depth: z.int().min(1).max(12).default(6),
    l2: z.number().min(0).default(1),
    loss: z.enum(['log', 'square']).default('log'),
  }),
};
const trainers = [straight, bushy];
const bushySpace = { trainer: ['bushy'], params: { rate: { log: [0.01, 0.5] }, depth: { int: [2, 9] } } };

function losing(losses: (request: TrialRequest) => number, standardError = 0.01) {
  const seen: TrialRequest[] = [];
  const evaluate = async (request: TrialRequest): Promise<Evaluation<number>> => {
    seen.push(request);
    return { logLoss: losses(request), standardError, value: request.index };
  };
  return { seen, evaluate };
}

function options(given: Partial<SearchOptions<number>>): SearchOptions<number> {
  return {
    spaces: parseSpace(bushySpace, trainers),
    budget: { trials: 10, seconds: null },
    seed: 1,
    now: () => 0,
    evaluate: losing(() => 1).evaluate,
    ...given,
  };
}

const depthOf = ({ point }: TrialRequest): number => Number(point.params['depth'] ?? 6);

describe('a declared space', () => {
  it('gives each parameter to the trainers that have it, the simplest trainer first', () => {
    const [first, second] = parseSpace(
      {
        trainer: ['bushy', 'straight'],
        params: { l2: { log: [0.1, 10] }, depth: { choice: [3, 4] } },
        only: { straight: { l2: { choice: [1] } } },
      },
      trainers,
    );
    expect(first).toEqual({ trainer: 'straight', dimensions: [{ name: 'l2', values: { choice: [1] } }] });
    expect(second?.dimensions.map((d) => d.name)).toEqual(['depth', 'l2']);
  });

  it.each([
    ['a parameter no trainer has', { trainer: ['straight'], params: { depth: { int: [1, 2] } } }, /no parameter depth/],
    [
      'one nobody has',
      { trainer: ['straight', 'bushy'], params: { x: { int: [1, 2] } } },
      /None of the trainers .* x\./,
    ],
    ['a name of Object', { trainer: ['bushy'], params: { constructor: { int: [1, 2] } } }, /constructor/],
    ['a value the trainer refuses', { trainer: ['bushy'], params: { depth: { int: [0, 3] } } }, /depth the value 0/],
    ['a listed value it refuses', { trainer: ['bushy'], params: { loss: { choice: ['log', 'abs'] } } }, /"abs"/],
    ['a fraction for a whole number', { trainer: ['bushy'], params: { depth: { linear: [1.5, 3] } } }, /depth/],
    ['another trainer', { trainer: ['deep'] }, /There is no trainer deep\. There are: straight, bushy/],
    ['no trainer', { trainer: [] }, /cannot be read/],
    ['a range from 0 in the logarithm', { trainer: ['bushy'], params: { l2: { log: [0, 1] } } }, /cannot be read/],
    [
      'a range that is turned round',
      { trainer: ['bushy'], params: { rate: { linear: [0.3, 0.1] } } },
      /cannot be read/,
    ],
    ['another key', { trainer: ['bushy'], param: {} }, /cannot be read/],
    ['parameters of a trainer left out', { trainer: ['bushy'], only: { straight: {} } }, /does not search/],
    ['no object', [], /cannot be read/],
  ])('with %s is refused', (_, space, message) => {
    const read = (): unknown => parseSpace(space, trainers);
    expect(read).toThrow(OutpostError);
    expect(read).toThrow(message);
  });

  it('begins with the defaults, but for what it leaves no choice about', () => {
    const params = { rate: { log: [0.01, 0.5] }, depth: { choice: [3] }, l2: { linear: [2, 2] } };
    const [space] = parseSpace({ trainer: ['bushy'], params }, trainers);
    expect(defaultPoint(space!)).toEqual({ trainer: 'bushy', params: { depth: 3, l2: 2 } });
  });

  test(
    'is never left by a drawn point, which the trainer takes',
    [fc.nat(), fc.double({ min: 1e-6, max: 0.5, noNaN: true }), fc.integer({ min: 1, max: 12 })],
    (seed, low, depth) => {
      const params = { rate: { log: [low, 2 * low] }, depth: { logInt: [1, depth] }, l2: { linear: [low, 1] } };
      const [space] = parseSpace({ trainer: ['bushy'], params }, trainers);
      const point = drawPoint(space!, createRandom(seed));
      expect(bushy.params.safeParse(point.params).success).toBe(true);
      expect(Number(point.params['rate'])).toBeGreaterThanOrEqual(low);
      expect(Number(point.params['rate'])).toBeLessThanOrEqual(2 * low);
      expect(Number(point.params['depth'])).toBeLessThanOrEqual(depth);
      expect(Number(point.params['l2'])).toBeGreaterThanOrEqual(low);
    },
  );

  it('spreads a logarithmic range evenly in the logarithm, and reaches both ends of whole numbers', () => {
    const params = { rate: { log: [0.001, 1] }, depth: { int: [2, 4] }, l2: { logInt: [1, 100] } };
    const [space] = parseSpace({ trainer: ['bushy'], params }, trainers);
    const random = createRandom(7);
    const points = Array.from({ length: 3000 }, () => drawPoint(space!, random).params);
    const below = points.filter((p) => Number(p['rate']) < Math.sqrt(0.001)).length / points.length;
    expect(Math.abs(below - 0.5)).toBeLessThan(0.04);
    expect(new Set(points.map((p) => p['depth']))).toEqual(new Set([2, 3, 4]));
    const l2 = points.map((p) => Number(p['l2']));
    expect([Math.min(...l2), Math.max(...l2)]).toEqual([1, 100]);
    expect(l2.every(Number.isInteger)).toBe(true);
  });
});

describe('a search', () => {
  it('tries the defaults first and the same points for the same seed', async () => {
    const tried = async (seed: number): Promise<string[]> => {
      const { seen, evaluate } = losing(() => 1);
      await searchSpace(options({ seed, evaluate }));
      return seen.map((request) => keyOf(request.point));
    };
    const first = await tried(1);
    expect(first[0]).toBe('{"params":{},"trainer":"bushy"}');
    expect(new Set(first).size).toBe(10);
    expect(await tried(1)).toEqual(first);
    expect(await tried(2)).not.toEqual(first);
  });

  it('finds the best of what it tried', async () => {
    const { evaluate } = losing((request) => Math.abs(depthOf(request) - 8) + 1);
    const { trials, best, ended } = await searchSpace(options({ evaluate, budget: { trials: 25, seconds: null } }));
    expect(ended).toBe('budget');
    expect(trials).toHaveLength(25);
    expect(best?.point.params['depth']).toBe(8);
  });

  it('keeps to the simpler trainer while the difference may be chance', async () => {
    const spaces = parseSpace({ trainer: ['straight', 'bushy'], params: { depth: { int: [2, 9] } } }, trainers);
    const chosen = async (gain: number): Promise<string | undefined> => {
      const { evaluate } = losing(({ point }) => (point.trainer === 'straight' ? 0.5 : 0.5 - gain));
      return (await searchSpace(options({ spaces, evaluate }))).best?.point.trainer;
    };
    expect(await chosen(0.009)).toBe('straight');
    expect(await chosen(0.011)).toBe('bushy');
    expect(await chosen(-0.1)).toBe('straight');
  });

  it('takes the error of the difference where it is known', () => {
    const spaces = parseSpace({ trainer: ['straight', 'bushy'] }, trainers);
    const trial = (trainer: string, logLoss: number, index: number) => ({
      point: { trainer, params: {} },
      index,
      share: 1,
      evaluation: { logLoss, standardError: 0.05, value: index },
      reason: null,
    });
    const trials = [trial('straight', 0.5, 0), trial('bushy', 0.48, 1)];
    expect(bestOf(trials, options({ spaces }))?.index).toBe(0);
    expect(bestOf(trials, options({ spaces, errorOfDifference: () => 0.01 }))?.index).toBe(1);
  });

  it('ends when every point of a small space was tried', async () => {
    const spaces = parseSpace(
      { trainer: ['straight', 'bushy'], params: { loss: { choice: ['log', 'square'] } } },
      trainers,
    );
    const { seen, evaluate } = losing(() => 1);
    const { ended } = await searchSpace(options({ spaces, evaluate, budget: { trials: 50, seconds: null } }));
    expect(ended).toBe('nothing left to try');
    expect(seen.map(({ point }) => [point.trainer, point.params['loss']])).toEqual([
      ['straight', undefined],
      ['bushy', undefined],
      ...seen.slice(2).map(({ point }) => ['bushy', point.params['loss']]),
    ]);
    expect(seen).toHaveLength(4);
  });

  it('begins no trial after its time, but makes one in any case', async () => {
    let now = 0;
    const evaluate = async (): Promise<Evaluation<number>> => {
      now += 4000;
      return { logLoss: 1, standardError: 0, value: 0 };
    };
    const search = (seconds: number) =>
      searchSpace(options({ evaluate, now: () => now, budget: { trials: null, seconds } }));
    expect(await search(10)).toMatchObject({ ended: 'budget', trials: { length: 3 } });
    expect(await search(0.001)).toMatchObject({ trials: { length: 1 }, best: { index: 0 } });
  });

  it('keeps what was done when it is cancelled, between trials and within one', async () => {
    const { evaluate } = losing(() => 1);
    let asked = 0;
    const between = await searchSpace(options({ evaluate, cancelled: () => (asked += 1) > 3 }));
    expect(between).toMatchObject({ ended: 'cancelled', best: { index: 0 } });
    expect(between.trials).toHaveLength(3);
    const within = await searchSpace(
      options({
        evaluate: async (request) => {
          if (request.index === 2) throw new OutpostError('CANCELLED');
          return evaluate(request);
        },
      }),
    );
    expect(within).toMatchObject({ ended: 'cancelled', trials: { length: 2 } });
    expect(await searchSpace(options({ cancelled: () => true }))).toEqual({
      trials: [],
      best: null,
      ended: 'cancelled',
    });
  });

  it('goes on after a trial that failed, and says so when all did', async () => {
    const failing =
      (fails: (index: number) => boolean) =>
      async (request: TrialRequest): Promise<Evaluation<number>> => {
        if (fails(request.index)) throw new OutpostError('BAD_INPUT', foreign(`no ${request.index}`));
        return { logLoss: request.index === 4 ? NaN : 1 + request.index, standardError: 0, value: 0 };
      };
    const some = await searchSpace(options({ evaluate: failing((index) => index < 2) }));
    expect(some.trials[1]).toMatchObject({ evaluation: null, reason: saying('no 1') });
    expect(some.trials[4]).toMatchObject({ evaluation: null, reason: saying(/no number/) });
    expect(some.best?.index).toBe(2);
    await expect(searchSpace(options({ evaluate: failing(() => true) }))).rejects.toThrow(
      saying(/failed\. The first: no 0/),
    );
    const broken = options({ evaluate: () => Promise.reject(new TypeError('a fault')) });
    await expect(searchSpace(broken)).rejects.toThrow(TypeError);
  });

  it.each([
    { trials: null, seconds: null },
    { trials: 0, seconds: null },
    { trials: 2.5, seconds: null },
    { trials: null, seconds: NaN },
  ])('without a sound budget is refused: %o', async (budget) => {
    await expect(searchSpace(options({ budget }))).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});

describe('early discard', () => {
  it('has a round of all rows at the end, whatever the number of points', () => {
    expect([1, 2, 3, 8, 9, 27, 100].map((n) => halvingRounds(n).length)).toEqual([1, 1, 2, 2, 3, 3, 3]);
    expect(halvingRounds(9)).toEqual([1 / 9, 1 / 3, 1]);
  });

  it('lets a third and the defaults go on to three times the rows', async () => {
    const { seen, evaluate } = losing((request) => 1 + request.index / 100 - (request.index === 5 ? 1 : 0));
    const { trials, best } = await searchSpace(
      options({ evaluate, halving: true, budget: { trials: 9, seconds: null } }),
    );
    const counts = [1 / 9, 1 / 3, 1].map((share) => seen.filter((request) => request.share === share).length);
    expect(counts).toEqual([9, 3, 2]);
    expect(trials).toHaveLength(9);
    expect(trials[0]?.share).toBe(1);
    expect(best?.index).toBe(5);
  });

  it('has an answer on all rows when time runs out', async () => {
    let now = 0;
    const { evaluate } = losing((request) => 10 - request.index);
    const timed = async (request: TrialRequest): Promise<Evaluation<number>> => {
      now += 1000;
      return evaluate(request);
    };
    const { best, trials } = await searchSpace(
      options({ evaluate: timed, now: () => now, halving: true, budget: { trials: 27, seconds: 5 } }),
    );
    expect(trials).toHaveLength(5);
    expect(best).toMatchObject({ index: 4, share: 1 });
  });
});
