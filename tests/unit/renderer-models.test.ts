import { describe, expect, it } from 'vitest';
import { figuresTitle } from '../../renderer/features/models/figures.ts';
import { figureBasisSchema } from '../../shared/encoding/manifest.ts';
import { basisPhrase } from '../../shared/encoding/phrases.ts';

const figures = (n: number) => ({ auc: { value: 0.9, n } });

describe('the title of a model’s figures', () => {
  it('says what they were computed on, each basis in words of its own', () => {
    const titles = figureBasisSchema.options.map((basis) => figuresTitle({ figures: figures(50), rows: 100, basis }));
    expect(new Set(titles).size).toBe(figureBasisSchema.options.length);
    expect(figuresTitle({ figures: figures(50), rows: 100, basis: 'held_out_before_refit' })).toMatch(/was not judged/);
  });

  it('of an older manifest follows from the number of cases', () => {
    expect(figuresTitle({ figures: figures(100), rows: 100, basis: null })).toMatch(/cross-validation/);
    expect(figuresTitle({ figures: figures(50), rows: 100, basis: null })).toMatch(/not seen/);
  });
});

describe('what a manifest says its figures were computed on', () => {
  it('has a phrase for each basis and one for manifests that do not say', () => {
    const phrases = [...figureBasisSchema.options, undefined].map(basisPhrase);
    expect(new Set(phrases).size).toBe(phrases.length);
  });
});
