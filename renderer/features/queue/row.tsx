import { memo, type ReactElement } from 'react';
import type { CaseRow } from '../../../shared/contract/views.ts';
import { listed } from '../../../shared/language/sentence.ts';
import { Icon } from '../../components/icon.tsx';
import { standingOf, VerdictSign } from '../../components/verdict.tsx';
import { amountText, caseAge, currencySign, initials, instantText, scorePercent } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { groupWords, reasonParts, type Item } from './items.ts';

function Score(props: { readonly row: CaseRow }): ReactElement {
  const { say } = useLanguage();
  const { row } = props;
  if (row.score !== null && !row.scoreHidden) return <>{scorePercent(row.score)}</>;
  return (
    <>
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">
        {row.scoreHidden ? say('window_queue.score_later') : say('window_queue.no_score')}
      </span>
    </>
  );
}

function Who(props: { readonly person: CaseRow['person'] }): ReactElement {
  const { say } = useLanguage();
  if (props.person !== null)
    return (
      <abbr className="initials" title={props.person.name}>
        {initials(props.person.name)}
      </abbr>
    );
  return (
    <span className="initials">
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">{say('window_queue.nobody')}</span>
    </span>
  );
}

/** One case in the list: 32 px, or two lines in a narrow pane. */
export const QueueRow = memo(function QueueRow(props: {
  readonly id: string;
  readonly row: CaseRow;
  readonly selected: boolean;
  /** True when the column head already names the currency of all. */
  readonly plainMoney: boolean;
  readonly now: number;
  readonly index: number;
  readonly onChoose: (id: string) => void;
}): ReactElement {
  const { say, words, locale } = useLanguage();
  const { row } = props;
  const states = [row.group === 'urgent' && 'urgent', row.outcome !== null && 'settled', row.outside && 'outside'];
  return (
    // The list keeps the focus and takes the keys; a click only points at a row.
    <div
      id={props.id}
      role="row"
      aria-rowindex={props.index}
      aria-selected={props.selected}
      className={['queue-row', ...states].filter(Boolean).join(' ')}
      onClick={() => props.onChoose(row.id)}
    >
      <span role="gridcell" className="c-verdict">
        <VerdictSign standing={standingOf(row)} />
      </span>
      <span role="gridcell" className="c-score num">
        <Score row={row} />
      </span>
      <span role="gridcell" className="c-ref" title={row.reference}>
        {row.reference}
      </span>
      <span role="gridcell" className="c-reason" title={say('language.joined', { parts: listed(row.reasons) })}>
        {reasonParts(row).map((part, index) => (
          <span key={index}>{words(part)}</span>
        ))}
      </span>
      <span role="gridcell" className="c-stake num">
        {row.stake !== null && (
          <>
            {!props.plainMoney && <span className="muted">{currencySign(locale, row.stake.currency)} </span>}
            {say(amountText(row.stake))}
          </>
        )}
      </span>
      <span role="gridcell" className="c-age num" title={say(instantText(row.takenInAt))}>
        {say(caseAge(row.received, row.takenInAt, props.now))}
      </span>
      <span role="gridcell" className="c-place" title={row.place}>
        {row.place}
      </span>
      <span role="gridcell" className="c-who">
        <Who person={row.person} />
      </span>
      <span role="gridcell" className="c-sync">
        <svg
          className="sync-dot"
          viewBox="0 0 8 8"
          role="img"
          aria-label={row.waiting ? say('window_queue.waits') : say('window_queue.sent')}
        >
          <circle cx="4" cy="4" r="3" fill={row.waiting ? 'none' : 'currentColor'} />
        </svg>
      </span>
    </div>
  );
});

/** Heading of a group. */
export function GroupRow(props: {
  readonly item: Item & { kind: 'group' };
  readonly unseenDays: number;
  readonly index: number;
}): ReactElement {
  const { say } = useLanguage();
  const { group, count } = props.item;
  const words = groupWords(group, count, props.unseenDays);
  return (
    <div role="row" aria-rowindex={props.index} className={group === 'urgent' ? 'queue-group urgent' : 'queue-group'}>
      <span role="rowheader">
        {group === 'urgent' && <Icon name="phone" />}
        {group === 'unseen' && <Icon name="clock" />}
        <b>{say(words.title)}</b>
        <span className="muted">{words.beside !== null && say(words.beside)}</span>
      </span>
    </div>
  );
}
