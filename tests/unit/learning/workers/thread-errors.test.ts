import { describe, expect, it } from 'vitest';
import { errorOf, failureOf } from '../../../../learning/workers/thread-errors.ts';
import { foreign, OutpostError } from '../../../../shared/errors/index.ts';
import { sentence } from '../../../../shared/language/sentence.ts';

/** There and back, as `postMessage` sends it. */
const sent = (error: unknown): OutpostError => errorOf(structuredClone(failureOf(error)));

describe('an error from another thread', () => {
  it('is itself again when it has a code, with data, stack and causes', () => {
    const origin = new RangeError('too far');
    const error = new OutpostError('BAD_INPUT', sentence('data.header_only'), { cause: origin, data: { rows: 3 } });
    const back = sent(error);
    expect(back).toBeInstanceOf(OutpostError);
    expect(back).toMatchObject({
      code: 'BAD_INPUT',
      message: error.message,
      sentence: error.sentence,
      data: { rows: 3 },
      stack: error.stack,
    });
    expect(back.cause).toMatchObject({ name: 'RangeError', message: 'too far', stack: origin.stack });
  });

  it('is the cause of an INTERNAL one when nobody expected it', () => {
    const origin = new TypeError('x is undefined');
    const back = sent(origin);
    expect(back.code).toBe('INTERNAL');
    expect(back.message).toContain('TypeError: x is undefined at ');
    expect(back.message).toContain('thread-errors.test.ts');
    expect(back.cause).toMatchObject({ name: 'TypeError', stack: origin.stack });
    expect(sent(back)).toMatchObject({ code: 'INTERNAL', message: back.message, cause: { stack: origin.stack } });
    expect(sent('just a text')).toMatchObject({ code: 'INTERNAL', cause: { message: 'just a text' } });
  });

  it('goes over although its data holds what cannot be sent, or its causes never end', () => {
    expect(sent(new OutpostError('BAD_INPUT', foreign('No.'), { data: { f: () => 1 } })).data).toEqual({
      notSent: ['f'],
    });
    const endless = new Error('round');
    endless.cause = endless;
    expect(sent(endless).code).toBe('INTERNAL');
  });
});
