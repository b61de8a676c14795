import { describe, expect, it } from 'vitest';
import { binTexts } from '../../../../learning/schema/intervals.ts';

const bins = (...texts: string[]): string[] => [...binTexts(texts)];

describe('bins of numbers among the texts of a column', () => {
  it.each([
    [['50000-99999', '100000-149999']],
    [['$50,000 to $74,999', '$25,000 to $49,999', '$75,000 to $99,999']],
    [['1001 – 2000', '2001 – 3000']],
    [['2020-2021', '2021-2022']],
    [['(16.999, 29.0]', '(29.0, 45.125]']],
    [['[0.0000, 0.3333)', '[0.3333, 0.6667)']],
    [['٥٠٠٠٠-٩٩٩٩٩', '١٠٠٠٠٠-١٤٩٩٩٩']],
  ])('are %j', (texts) => {
    expect(bins(...texts, 'other', 'unknown').toSorted()).toEqual(texts.toSorted());
  });

  it.each([
    [['50000-99999']],
    [['2345-6789', '9123-4567']],
    [['800-5551200', '800-5551299']],
    [['555-0107', '555-0108', '555-0109']],
    [['12301-45699', '45700-78901', '30000-50000']],
    [['98100 12345', '12345 98100']],
    [['1000-2000 5', '2001-3000 5']],
    [['1234567', '1234568']],
  ])('are none of %j', (texts) => {
    expect(bins(...texts)).toEqual([]);
  });
});
