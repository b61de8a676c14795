import { schemaRef } from '../../../../../shared/encoding/schema-identity.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawAudit, uniformOf } from '../../../../../electron/backend/cases/audit.ts';
import { normaliseIndicator } from '../../../../../electron/backend/cases/indicators.ts';
import { splitIntake } from '../../../../../electron/backend/cases/intake.ts';
import {
  printRecoveryKey,
  readRecoveryKey,
  recoverySecretBytes,
} from '../../../../../electron/backend/vault/recovery-key.ts';
import { auditProbability, stratumOf } from '../../../../../shared/domain/audit.ts';
import { complaintsSchema } from '../../../../../shared/encoding/complaints.ts';
import type { Attribute, FeatureSchema } from '../../../../../shared/encoding/schema.ts';
import { testIntake } from '../../../../support/backend.ts';

const split = (change: Parameters<typeof testIntake>[0], schema = complaintsSchema) =>
  splitIntake(testIntake(change), { schema, texts: [] }, 'R-1');
const problem = (field: string, message: RegExp) =>
  expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringMatching(message), data: { field } });

describe('an intake', () => {
  test('an unknown attribute and a value of the wrong kind are refused by name', () => {
    expect(() => split({ attributes: { favourite_colour: 'blue' } })).toThrow(
      problem('favourite_colour', /no question/),
    );
    expect(() => split({ attributes: { asked_remote_access: 'yes' } })).toThrow(
      problem('asked_remote_access', /Remote access asked for.*yes, no or unknown/),
    );
    expect(() => split({ attributes: { contact_minutes: 5000 } })).toThrow(problem('contact_minutes', /0 to 1440 min/));
    expect(() => split({ attributes: { money_asked: 12 } })).toThrow(problem('money_asked', /currency/));
  });

  test('unknown answers are left out, never taken for no', () => {
    expect(split({ attributes: { asked_remote_access: null, has_contract: false } }).facts.attributes).toEqual({
      has_contract: false,
    });
  });

  test('tactics leave as tags after the filter; the words as given stay', () => {
    const tactics = [
      'TeamViewer',
      'UPI collect request',
      'paid to 98765 43210',
      'write to a@b.example',
      'UPI  Collect-Request',
    ];
    const { facts, own } = split({ tactics });
    expect(facts.tactics).toEqual(['remote_access', 'upi_collect_request']);
    expect(own.tacticsGiven).toEqual(tactics);
  });

  test('a value that is not on the list leaves only when it passes the filter', () => {
    expect(split({ attributes: { contact_channel: 'video call' } }).facts.attributes).toEqual({
      contact_channel: 'video call',
    });
    const kept = split({ attributes: { contact_channel: 'call from 98765 43210' } });
    expect(kept.facts.attributes).toEqual({});
    expect(kept.own.attributes).toEqual({ contact_channel: 'call from 98765 43210' });
  });

  test('an attribute that is not shareable stays; a tactic of the schema becomes its tag', () => {
    const extra: Attribute[] = [
      {
        kind: 'boolean',
        name: 'lives_alone',
        group: 'more',
        shareable: false,
        since: 2,
      },
      {
        kind: 'tactic',
        name: 'upi_payment',
        group: 'more',
        shareable: true,
        since: 2,
        tag: 'upi_payment',
      },
    ];
    const schema: FeatureSchema = {
      ...complaintsSchema,
      version: 2,
      attributes: [...complaintsSchema.attributes, ...extra],
    };
    const { facts, own } = split({ attributes: { lives_alone: true, upi_payment: true } }, schema);
    expect(facts).toEqual({ schema: schemaRef(schema), attributes: {}, tactics: ['upi_payment'] });
    expect(own.attributes).toEqual({ lives_alone: true });
  });

  test('a number in the digits of any script is the same number', () => {
    expect(normaliseIndicator('phone', '+९१ ९९५५५ ००१२३')).toBe(normaliseIndicator('phone', '+91 99555 00123'));
    expect(normaliseIndicator('session', '１２３ ४५६ 789')).toBe('123456789');
  });

  test('indicators are brought into the form they are compared in, each once', () => {
    expect(normaliseIndicator('phone', '+91 (80) 5550-0123')).toBe('+918055500123');
    expect(normaliseIndicator('phone', '0091 80 5550 0123')).toBe('+918055500123');
    expect(normaliseIndicator('phone', '080 5550 0123')).toBe('08055500123');
    expect(normaliseIndicator('handle', ' Help.Desk@OKBANK ')).toBe('help.desk@okbank');
    expect(normaliseIndicator('handle', 'DE89 3704')).toBe('de893704');
    expect(normaliseIndicator('handle', 'not a handle')).toBeNull();
    expect(normaliseIndicator('web', 'HTTPS://www.Example.com/login?x=1')).toBe('example.com');
    expect(normaliseIndicator('web', 'exa')).toBeNull();
    expect(normaliseIndicator('session', 'ab 123-456 x')).toBe('AB123456X');
    const phones = ['+91 80 5550 0123', '+918055500123'].map((value) => ({ kind: 'phone' as const, value }));
    expect(split({ indicators: [...phones, { kind: 'web', value: '  ' }] }).own.indicators).toEqual([
      { kind: 'phone', value: '+918055500123', given: '+91 80 5550 0123' },
    ]);
    expect(() => split({ indicators: [{ kind: 'phone', value: '12' }] })).toThrow(
      problem('indicators.0', /telephone number needs/),
    );
  });

  test('normalising an indicator twice changes nothing', () => {
    fc.assert(
      fc.property(fc.constantFrom('phone', 'handle', 'web', 'session'), fc.string({ maxLength: 40 }), (kind, text) => {
        const once = normaliseIndicator(kind, text);
        if (once !== null) expect(normaliseIndicator(kind, once)).toBe(once);
      }),
    );
  });
});

describe('the audit draw', () => {
  test('strata follow verdict, outside and nearness to the threshold', () => {
    const thresholds = { notScamBelow: 0.4, scamFrom: 0.8 };
    const outside = [{ kind: 'tactic' as const, tag: 'upi_payment' }];
    expect(stratumOf({ score: 0.1, verdict: 'not_scam', outside: [] }, thresholds)).toBe('not_scam');
    expect(stratumOf({ score: 0.31, verdict: 'not_scam', outside: [] }, thresholds)).toBe('near_threshold');
    expect(stratumOf({ score: 0.39, verdict: 'not_scam', outside }, thresholds)).toBe('outside');
    expect(stratumOf({ score: 0.5, verdict: 'unclear', outside }, thresholds)).toBe('unclear');
    expect(stratumOf({ score: 0.9, verdict: 'scam', outside }, thresholds)).toBe('scam');
  });

  test('each stratum is drawn with its probability, the same case always alike, another laptop differently', () => {
    const one = new Uint8Array(32).fill(1);
    const other = new Uint8Array(32).fill(2);
    const ids = Array.from({ length: 4000 }, (_, i) => `case-${i}`);
    for (const [stratum, probability] of Object.entries(auditProbability)) {
      const share =
        ids.filter((id) => drawAudit(one, id, stratum as keyof typeof auditProbability).drawn).length / ids.length;
      // Five standard errors of a binomial share.
      expect(Math.abs(share - probability)).toBeLessThan(5 * Math.sqrt((probability * (1 - probability)) / ids.length));
    }
    expect(ids.every((id) => uniformOf(one, id) === uniformOf(one, id))).toBe(true);
    expect(ids.filter((id) => uniformOf(one, id) === uniformOf(other, id))).toEqual([]);
  });
});

describe('the recovery key', () => {
  test('what is printed can be read back however it is typed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: recoverySecretBytes, maxLength: recoverySecretBytes }), (secret) => {
        const printed = printRecoveryKey(secret);
        const typed = printed.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
        expect(readRecoveryKey(printed)).toEqual(secret);
        expect(readRecoveryKey(typed)).toEqual(secret);
      }),
    );
  });

  test('two symbols that changed places are noticed', () => {
    const secret = Uint8Array.from({ length: recoverySecretBytes }, (_, i) => i * 11);
    const printed = printRecoveryKey(secret).replaceAll('-', '');
    for (let i = 0; i + 1 < printed.length; i += 1) {
      const swapped = `${printed.slice(0, i)}${printed[i + 1]}${printed[i]}${printed.slice(i + 2)}`;
      if (swapped !== printed) expect(readRecoveryKey(swapped)).toBeNull();
    }
    expect(readRecoveryKey(printed.slice(1))).toBeNull();
  });
});
