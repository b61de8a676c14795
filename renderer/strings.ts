import { caseText } from './strings/case.ts';
import { entryText } from './strings/entry.ts';
import { frameText, keysText, verdictText } from './strings/frame.ts';
import { intakeText } from './strings/intake.ts';
import { modelsText } from './strings/models.ts';
import { monitorText } from './strings/monitor.ts';
import { queueText } from './strings/queue.ts';
import { settingsText, syncText } from './strings/sync.ts';

/** What the pages say, but for errors. Labels and questions of attributes come from the feature schema instead. */
export const text = {
  frame: frameText,
  keys: keysText,
  verdict: verdictText,
  entry: entryText,
  queue: queueText,
  case: caseText,
  intake: intakeText,
  monitor: monitorText,
  models: modelsText,
  sync: syncText,
  settings: settingsText,
} as const;
