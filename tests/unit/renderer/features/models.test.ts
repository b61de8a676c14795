import { describe, expect, it } from 'vitest';
import { figureText, figuresTitle, intervalsNote } from '../../../../renderer/features/models/figures.ts';
import { goodnessText, leadText } from '../../../../renderer/features/models/model-summary.ts';
import { methodText } from '../../../../shared/encoding/method-text.ts';
import { figureBasisSchema } from '../../../../shared/encoding/manifest.ts';
import { basisPhrase } from '../../../../shared/encoding/figure-basis.ts';
import { inEnglish } from '../../../support/saying.ts';

const figures = (n: number) => ({ auc: { value: 0.9, n } });

describe('the title of a model’s figures', () => {
  it('says what they were computed on, each basis in words of its own', () => {
    const titles = figureBasisSchema.options.map((basis) => figuresTitle({ figures: figures(50), rows: 100, basis }));
    expect(new Set(titles.map(inEnglish)).size).toBe(figureBasisSchema.options.length);
    expect(inEnglish(figuresTitle({ figures: figures(50), rows: 100, basis: 'held_out_before_refit' }))).toMatch(
      /was not judged/,
    );
  });

  it('of an older manifest follows from the number of cases', () => {
    expect(inEnglish(figuresTitle({ figures: figures(100), rows: 100, basis: null }))).toMatch(/cross-validation/);
    expect(inEnglish(figuresTitle({ figures: figures(50), rows: 100, basis: null }))).toMatch(/not seen/);
  });
});

describe('what a manifest says its figures were computed on', () => {
  it('has a phrase for each basis and one for manifests that do not say', () => {
    const phrases = [...figureBasisSchema.options, undefined].map((basis) => inEnglish(basisPhrase(basis)));
    expect(new Set(phrases).size).toBe(phrases.length);
  });
});

describe('a figure', () => {
  it('is a share in per cent, a lift in times, anything else a plain number', () => {
    expect(inEnglish(figureText('recall', 0.9062))).toBe('90.6\u00a0%');
    expect(inEnglish(figureText('lift_first_tenth', 1.338))).toBe('1.34 times');
    expect(inEnglish(figureText('average_precision', 0.9954))).toBe('0.995');
    expect(inEnglish(figureText('auc', 0.987))).toBe('0.987');
  });

  it('has an interval with a note only where it was computed here', () => {
    const wide = { recall: { value: 0.9, low: 0.8, high: 0.95, n: 50 } };
    expect(intervalsNote({ figures: wide, basis: 'held_out' })).toBe(true);
    expect(intervalsNote({ figures: wide, basis: 'stated' })).toBe(false);
    expect(intervalsNote({ figures: wide, basis: null })).toBe(false);
    expect(intervalsNote({ figures: figures(50), basis: 'held_out' })).toBe(false);
  });
});

describe('the lead of the models page', () => {
  const share = (value: number) => ({ value, n: 500 });
  const figures = { recall: share(0.906), missed: share(0.002), wrong_accusation: share(0.038) };

  it('says in people how good the model is, on what, and never rounds some to none', () => {
    expect(inEnglish(goodnessText({ figures, basis: 'held_out' }))).toBe(
      'On cases it had not seen, it called 91 of 100 scams scam and 1 not scam; it called 4 of 100 genuine providers scam.',
    );
    const texts = figureBasisSchema.options.map((basis) => inEnglish(goodnessText({ figures, basis })));
    expect(new Set(texts).size).toBe(texts.length);
    expect(inEnglish(goodnessText({ figures: {}, basis: 'held_out' }))).toContain('was not judged');
  });

  it('names the model, since when it scores, and its method in words', () => {
    const model = { name: 'Complaints', version: 2, activatedAt: '2026-11-02T12:00:00.000Z' };
    const now = Date.parse('2026-11-20T12:00:00.000Z');
    expect(inEnglish(leadText(model, now))).toBe('Complaints, model 2 scores now, since 2 Nov.');
    expect(inEnglish(leadText({ ...model, activatedAt: null }, now))).toBe('Complaints, model 2 scores now.');
    expect(inEnglish(methodText('outpost-logistic/2'))).toBe('logistic regression');
    expect(inEnglish(methodText('skl2onnx'))).toBe('skl2onnx');
  });
});
