import type { ReactElement } from 'react';
import type { CaseView } from '../../../shared/contract/views.ts';
import { instantText } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { useServices } from '../../hooks/services.ts';

/** What a printed report leaves out: score and verdict by default, and personal data when redacted. */
type PrintForm = 'plain' | 'with-score' | 'redacted';

/** Prints the open case. The form is set only while printing, so that printing by other ways leaves the score out. */
export function printCase(form: PrintForm): void {
  const { dataset } = document.documentElement;
  dataset['print'] = form;
  window.addEventListener('afterprint', () => delete dataset['print'], { once: true });
  window.print();
}

/** Head of the printed report. A redacted one names the case by what leaves this laptop of it too, its id. */
export function ReportHead(props: { readonly view: CaseView }): ReactElement {
  const { say } = useLanguage();
  const { clock } = useServices();
  return (
    <div className="print-only section">
      <h1 className="personal">{say('window_case.report_title', { reference: props.view.row.reference })}</h1>
      <h1 className="redacted-part">{say('window_case.report_title_redacted')}</h1>
      <p className="redacted-part">{say('window_case.report_id', { id: props.view.row.id })}</p>
      <p>
        {say('window_case.report_made', { when: instantText(new Date(clock()).toISOString()) })}{' '}
        <span className="score-part">{say('window_case.report_advises')}</span>
      </p>
    </div>
  );
}

/**
 * A moment as a window says it and as paper does: on paper, where nobody knows what was today, with its date and year.
 * What only the window says stands in `screen`.
 */
export function PrintedText(props: { readonly screen: string; readonly paper: string }): ReactElement {
  return (
    <>
      <span className="no-print">{props.screen}</span>
      <span className="on-paper">{props.paper}</span>
    </>
  );
}

/** Says in a redacted report how much of the facts it leaves out. */
export function LeftOut(props: { readonly tactics: number; readonly answers: number }): ReactElement | null {
  const { say } = useLanguage();
  if (props.tactics + props.answers === 0) return null;
  return (
    <div className="wide on-paper redacted-part">
      <dt>{say('window_case.left_out')}</dt>
      <dd>{say('window_case.left_out_of_facts', { tactics: props.tactics, answers: props.answers })}</dd>
    </div>
  );
}

/** End of the printed report: the outcome, and room for the provider's reply. */
export function ReportTail(props: { readonly view: CaseView }): ReactElement {
  const { say } = useLanguage();
  const { outcome } = props.view;
  return (
    <div className="print-only section sheet">
      <h2>{say('window_case.outcome_title')}</h2>
      <p>{outcome === null ? say('window_case.no_outcome') : say(`window_case.outcomes_${outcome.outcome}`)}</p>
      {outcome !== null && outcome.note !== '' && <p className="personal breaks">{outcome.note}</p>}
      <h2>{say('window_case.reply')}</h2>
      <div className="lines" />
    </div>
  );
}
