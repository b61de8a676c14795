import type { MonitorReport } from '../../../shared/drift/report.ts';
import { scoredCases } from '../store/cases.ts';
import type { BackendContext } from '../types.ts';

/** What the monitor page shows. */
export interface MonitorView {
  readonly sentence: string;
  readonly report: MonitorReport;
  readonly models: { version: number; at: string }[];
}

/** Watches the cases of this laptop. */
export interface Monitor {
  report(): MonitorView;
  /** Number of alarms now, for the strip. */
  alarms(): number;
  /** Lets go of what was worked out; called at lock. */
  forget(): void;
}

/** Monitor of the open vault. */
export function createMonitor(context: BackendContext): Monitor {
  return {
    report() {
      const cases = scoredCases(context.session().db).length;
      const report: MonitorReport = {
        kind: 'too_little',
        cases,
        offices: 0,
        from: null,
        to: null,
        findings: [],
        ceiling: 0,
        months: [],
        weeks: [],
        tactics: [],
        openAudits: 0,
        inconclusiveShare: null,
        doublingShownAfter: null,
      };
      return { sentence: 'There is too little to tell yet.', report, models: [] };
    },
    alarms: () => 0,
    forget: () => undefined,
  };
}
