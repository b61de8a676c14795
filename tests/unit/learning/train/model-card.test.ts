import { describe, expect, it } from 'vitest';
import { modelCard } from '../../../../learning/train/model-card.ts';
import { trainers } from '../../../../learning/trainers/index.ts';
import { inEnglish } from '../../../support/saying.ts';
import { bundledMetrics, manifest } from '../../../support/train-metrics.ts';

const classes = { rows: 10, scams: 6, genuine: 4 };
const metrics = { ...bundledMetrics, train: classes, holdOut: classes, figures: {}, fit: { trees: 7 } };

describe('a model card', () => {
  it.each(trainers.map(({ name, card }) => [name, card] as const))(
    'describes the trainer %s in its own words, and no other',
    (name, card) => {
      const text = modelCard(manifest, { ...metrics, trainer: name });
      expect(text).toContain(inEnglish(card.method(metrics.fit)));
      expect(text).toContain(inEnglish(card.limit));
      for (const other of trainers.filter((t) => t.name !== name)) {
        expect(text).not.toContain(inEnglish(other.card.method(metrics.fit)));
        expect(text).not.toContain(inEnglish(other.card.limit));
      }
    },
  );

  it('of complaints says when they were received, and names tactics and what is never read', () => {
    const text = modelCard(manifest, { ...metrics, trainer: 'logistic' });
    expect(text).toContain(
      'Trained on 8,836 cases received from 2026-06-01 until before 2026-09-01 (6 scams, 4 genuine',
    );
    expect(text).toContain('or with a tactic not yet understood is marked');
    expect(text).toContain('Narratives, names, places, numbers, needs and risk marks are never read.');
  });

  it('of any other file says nothing of dates, tactics or private parts that are not there', () => {
    const [first] = manifest.schema.attributes;
    const text = modelCard(
      {
        ...manifest,
        schema: { ...manifest.schema, id: 'bank', attributes: [first!], understoodTactics: [] },
        training: { ...manifest.training, rows: 1000, from: null, cut: null },
      },
      { ...metrics, trainer: 'logistic' },
    );
    expect(text).toContain('Trained on 1,000 cases (6 scams, 4 genuine');
    expect(text).not.toMatch(/tactic|received|Narratives/);
    expect(text).toContain('It reads the 1 attribute of its schema and no other column.');
  });

  it('names the columns that tell the label and were allowed to', () => {
    const text = (...columns: string[]) =>
      modelCard(manifest, { ...metrics, trainer: 'logistic', ...(columns.length > 0 && { allowedLeaks: columns }) });
    expect(text()).not.toContain('--allow-leak');
    expect(text('duration')).toContain(
      'It learned from duration, which gives the label away almost alone, because --allow-leak named it.',
    );
    expect(text('duration', 'pdays')).toContain('It learned from duration, pdays, which give the label away');
  });
});
