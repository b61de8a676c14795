import type { ReactElement } from 'react';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { useLanguage } from '../language/language.ts';

/** What a queue row or case shows in place of a bare verdict. */
export type Standing = Verdict | 'outside' | 'later' | 'none';

/** The class that colours a standing. */
const looks: Record<Standing, string> = {
  scam: 'scam',
  unclear: 'unclear',
  not_scam: 'clear',
  outside: 'outside',
  later: 'later',
  none: 'later',
};

/** Standing of a case: hidden scores and missing ones are said as such, then outside goes before the verdict. */
export function standingOf(row: { verdict: Verdict | null; outside: boolean; scoreHidden: boolean }): Standing {
  if (row.scoreHidden) return 'later';
  if (row.outside) return 'outside';
  return row.verdict ?? 'none';
}

/** The shape of a standing: triangle, half circle, hollow circle, dashed square, dashed circle. */
export function Mark(props: { readonly standing: Standing }): ReactElement {
  return (
    <svg className="mark" viewBox="0 0 14 14" aria-hidden="true">
      {props.standing === 'scam' && <path fill="currentColor" d="M7 1.8 12.8 12H1.2z" />}
      {props.standing === 'outside' && (
        <rect x="1.6" y="1.6" width="10.8" height="10.8" rx="2" strokeDasharray="2.6 2" />
      )}
      {props.standing !== 'scam' && props.standing !== 'outside' && (
        <circle
          cx="7"
          cy="7"
          r="5.4"
          strokeDasharray={props.standing === 'later' || props.standing === 'none' ? '1.4 2.4' : undefined}
        />
      )}
      {props.standing === 'unclear' && <path fill="currentColor" d="M7 1.6a5.4 5.4 0 0 0 0 10.8z" />}
    </svg>
  );
}

/** Verdict as shape, word and colour. */
export function VerdictSign(props: { readonly standing: Standing; readonly long?: boolean }): ReactElement {
  const { say } = useLanguage();
  const { standing } = props;
  const words = props.long === true ? say(`window_verdict.long_${standing}`) : say(`window_verdict.short_${standing}`);
  return (
    <span className={`verdict ${looks[standing]}`} title={say(`window_verdict.long_${standing}`)}>
      <Mark standing={standing} />
      {words}
    </span>
  );
}
