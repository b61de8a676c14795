import { complaintsSchema } from '../shared/encoding/complaints.ts';
import { datasetOf, type DatedRow } from './dataset/dataset.ts';
import { defaultSettings } from './train/settings.ts';
import { simulateCases, type SimulatedCase } from './simulate/index.ts';
import { trainRun, type TrainResult } from './train/train.ts';

/** A simulated case as a training row, labelled with its truth. */
export function labelledRow(entry: SimulatedCase): DatedRow {
  return {
    facts: entry.facts,
    label: entry.truth,
    received: entry.received,
    incident: entry.incident,
    scammer: entry.scammer,
  };
}

/** Four months of simulated complaints before anything changes: three to train on, one to judge by. */
const bundledCases = { cases: 12_000, seed: 20_260_602, from: '2026-06-01', days: 122 } as const;

/** The model that comes with Outpost; everything about it is fixed, so that it can be rebuilt to the byte. */
export function bundledRun(): TrainResult {
  return trainRun(datasetOf(complaintsSchema, Array.from(simulateCases(bundledCases), labelledRow)), {
    ...defaultSettings,
    seed: 1,
    split: { by: 'time', cut: '2026-09-01', share: 0.25 },
    name: 'Complaints 2026-1',
    version: 1,
    created: '2026-10-01T00:00:00.000Z',
    expires: '2027-10-01',
    codeVersion: '0.1.0',
    simulated: true,
  });
}

/** About four months of invented cases for a demonstration, with a new tactic in the last weeks. */
export function demoCases(): Iterable<SimulatedCase> {
  return simulateCases({ cases: 500, seed: 20_261_001, from: '2026-07-20', days: 120, changeAt: '2026-10-05' });
}
