import { describe, expect, it } from 'vitest';
import { versionTexts } from '../../../../learning/schema/versions.ts';

describe('versions among the texts of a column', () => {
  it.each([
    [['10.0.19045', '10.0.22631']],
    [['Windows 10.0.19045', 'Windows 10.0.22000', 'Windows 10.0.22631']],
    [['Chrome 119.0.6045.105', 'Chrome 120.0.6099.71', 'Chrome 120.0.6099.109', 'Chrome 121.0.6167.85']],
  ])('are %j', (texts) => {
    expect([...versionTexts([...texts, 'other', '1.2.3'])].toSorted()).toEqual(texts.toSorted());
  });

  it.each([
    [['10.0.19045']],
    [['Chrome 120.0.6099.71', 'Firefox 10.0.19045']],
    [['9.0.81055.51234', '9.0.81055.51235', '9.0.81056.51234']],
    [['555.0.1234', '555.0.1235', '556.0.1234']],
    [['49.0.8912.345', '49.0.8913.346', '49.0.8914.347']],
    [['44.0.9712.345', '49.0.8913.346', '91.0.1414.347']],
    [['49.0.89.12345', '49.0.89.12346']],
    [['10.0.113.250', '10.0.113.251', '11.0.114.250']],
    [['98100.0.1234', '98100.0.1235']],
  ])('are none of %j', (texts) => {
    expect([...versionTexts(texts)]).toEqual([]);
  });
});
