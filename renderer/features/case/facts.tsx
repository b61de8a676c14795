import { wordsOf } from '../../../shared/encoding/attribute-words.ts';
import type { DescribedSchema } from '../../../shared/encoding/schema-texts.ts';
import { useEffect, useEffectEvent, useMemo, useState, type ReactElement, type ReactNode } from 'react';
import type { CaseView } from '../../../shared/contract/views.ts';
import { tacticsGiven, tacticText, type GivenTactic } from '../../../shared/domain/tactics.ts';
import { listed } from '../../../shared/language/sentence.ts';
import { Button } from '../../components/controls.tsx';
import { Mark } from '../../components/verdict.tsx';
import { capital, dateText, dayText, instantText, momentText } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { caseEvent, type CaseRequest } from '../../hooks/case-actions.ts';
import { useNow } from '../../hooks/services.ts';
import { spellingsOf, type TacticsKnown } from '../../language/spellings.ts';
import { factOrder, foldOf } from './fact-order.ts';
import { IndicatorMatches } from './indicator-matches.tsx';
import { LeftOut, PrintedText } from './report.tsx';
import { valueText } from './value.ts';

function Fact(props: {
  readonly label: string;
  readonly wide?: boolean;
  readonly personal?: boolean;
  readonly title?: string;
  /** Said no: less to be seen than what was said yes. */
  readonly quiet?: boolean;
  /** Gives way while the facts are summed up: in a narrow pane, or everywhere. */
  readonly fold?: 'second' | 'rest' | null;
  readonly children: ReactNode;
}): ReactElement {
  const classes = [
    props.wide === true ? 'wide' : '',
    props.personal === true ? 'personal' : '',
    props.quiet === true ? 'quiet' : '',
    props.fold ?? '',
  ]
    .join(' ')
    .trim();
  return (
    <div className={classes}>
      <dt>{props.label}</dt>
      <dd title={props.title}>{props.children}</dd>
    </div>
  );
}

/** The tactics of a case, spellings of one together. */
function useTactics({ view, form }: { readonly view: CaseView; readonly form: TacticsKnown | undefined }) {
  const given = view.private.tacticsGiven.length > 0 ? view.private.tacticsGiven : view.facts.tactics;
  return useMemo(() => tacticsGiven(given, form === undefined ? {} : spellingsOf(form, given)), [form, given]);
}

/** Whether a redacted report leaves a tactic out: one of its spellings may not leave the laptop. */
function isWithheld({ withheld }: CaseView): (tactic: GivenTactic) => boolean {
  const kept = new Set(withheld.tactics);
  return ({ tag, spellings }) => kept.has(tag) || spellings.some((spelling) => kept.has(spelling));
}

function TacticChips(props: {
  readonly view: CaseView;
  readonly form: TacticsKnown | undefined;
  readonly tactics: readonly GivenTactic[];
}): ReactElement {
  const { say } = useLanguage();
  const outside = new Set(
    props.view.firstScore?.outside.flatMap((reason) => (reason.kind === 'tactic' ? [reason.tag] : [])) ?? [],
  );
  const { form } = props;
  const understood = new Set(form?.schema.understoodTactics);
  const isOutside = (tag: string): boolean => outside.has(tag) || (form !== undefined && !understood.has(tag));
  const withheld = isWithheld(props.view);
  const personal = (tactic: GivenTactic): string => (withheld(tactic) ? ' personal' : '');
  return (
    <span className="chips">
      {props.tactics.map((tactic) =>
        isOutside(tactic.tag) ? (
          <span key={tactic.tag} className={`chip outside${personal(tactic)}`} title={say('window_case.unseen_tactic')}>
            <Mark standing="outside" />
            <span>{tacticText(tactic)}</span>
          </span>
        ) : (
          <span key={tactic.tag} className={`chip${personal(tactic)}`}>
            <span>{tacticText(tactic)}</span>
          </span>
        ),
      )}
    </span>
  );
}

/** When and where a case was taken in; the place is left out of a redacted report. */
function TakenIn(props: { readonly view: CaseView; readonly now: number }): ReactElement {
  const { say } = useLanguage();
  const { row, private: personal } = props.view;
  const [screen, paper] = [momentText(row.takenInAt, props.now), instantText(row.takenInAt)];
  if (personal.place === '') return <PrintedText screen={say(screen)} paper={say(paper)} />;
  const at = (moment: typeof paper): string => say('window_case.taken_in_at', { moment, place: personal.place });
  return (
    <>
      <span className="personal">
        <PrintedText screen={at(screen)} paper={at(paper)} />
      </span>
      <span className="on-paper redacted-part">{say(paper)}</span>
    </>
  );
}

/** Where the resident is reached: first of all facts, since it is what a call needs. */
function Contact(props: { readonly view: CaseView }): ReactElement | null {
  const { say } = useLanguage();
  const { contact } = props.view.private;
  if (contact === '') return null;
  return (
    <Fact label={say('window_case.contact')} wide personal>
      {contact}
    </Fact>
  );
}

/** When the case came in, and when money went: less telling than the answers, so behind them. */
function Dates(props: { readonly view: CaseView }): ReactElement {
  const { say } = useLanguage();
  const now = useNow(60_000);
  const { row, private: personal } = props.view;
  return (
    <>
      <Fact label={say('window_case.taken_in')} title={say(instantText(row.takenInAt))} fold="rest">
        <TakenIn view={props.view} now={now} />
      </Fact>
      <Fact label={say('window_case.received')} fold="rest">
        <PrintedText screen={say(dateText(row.received, now))} paper={say(dayText(row.received))} />
      </Fact>
      {personal.paidAt !== '' && (
        <Fact label={say('window_intake.paid_at')} personal fold="rest">
          {personal.paidAt}
        </Fact>
      )}
    </>
  );
}

/** The answers: yes first, then values, then no. `wide` counts the facts beside them that take a row. */
function Answers(props: {
  readonly view: CaseView;
  readonly described: DescribedSchema;
  readonly known: ReturnType<typeof factOrder>['known'];
  readonly wide: number;
}): ReactElement {
  const { words } = useLanguage();
  const { view, described } = props;
  const kept = new Set(view.withheld.attributes);
  return (
    <>
      {props.known.map((attribute, index) => {
        const value = view.facts.attributes[attribute.name];
        const named = wordsOf(described, attribute);
        return (
          <Fact
            key={attribute.name}
            label={words(named.label)}
            quiet={value === false}
            personal={kept.has(attribute.name)}
            fold={foldOf(index, props.wide)}
          >
            {words(valueText(attribute, named, value))}
          </Fact>
        );
      })}
    </>
  );
}

/** Whether all facts are shown, which a button and a key turn about. It stays from case to case. */
function useUnfolding(): readonly [boolean, () => void] {
  const [all, setAll] = useState(false);
  const turn = (): void => setAll((before) => !before);
  const serve = useEffectEvent((request: CaseRequest) => {
    if (request === 'facts') turn();
  });
  useEffect(() => {
    const listen = (event: Event): void => serve((event as CustomEvent<CaseRequest>).detail);
    window.addEventListener(caseEvent, listen);
    return () => window.removeEventListener(caseEvent, listen);
  }, []);
  return [all, turn];
}

/** The facts of a case, summed up in a few rows; the others and what is unknown are a key away. Paper shows all. */
export function FactsSection(props: {
  readonly view: CaseView;
  readonly described: (DescribedSchema & TacticsKnown) | undefined;
}): ReactElement {
  const { say } = useLanguage();
  const { view, described } = props;
  const [all, turn] = useUnfolding();
  const tactics = useTactics({ view, form: described });
  const leftOut = tactics.filter(isWithheld(view)).length;
  const { known, unknown } = factOrder(described?.schema.attributes ?? [], view.facts.attributes);
  const wide = (view.private.contact === '' ? 0 : 1) + (tactics.length === 0 ? 0 : 1);
  const names = unknown.map((attribute) => wordsOf(described!, attribute).name);
  return (
    <section className="section" aria-labelledby="case-facts">
      <h3 id="case-facts" className="visually-hidden">
        {say('window_case.facts')}
      </h3>
      <dl className={all ? 'facts all' : 'facts'} id="case-facts-list">
        <Contact view={view} />
        {described !== undefined && <Answers view={view} described={described} known={known} wide={wide} />}
        {tactics.length > 0 && (
          <Fact label={say('window_case.tactics')} wide personal={leftOut === tactics.length}>
            <TacticChips view={view} form={described} tactics={tactics} />
          </Fact>
        )}
        <Dates view={view} />
        <LeftOut tactics={leftOut} answers={view.withheld.attributes.length} />
        {names.length > 0 && (
          <Fact label={say('window_case.unknown')} wide fold="rest">
            <span className="muted">{capital(say('language.joined', { parts: listed(names) }))}</span>
          </Fact>
        )}
      </dl>
      <Button look="plain" className="unfold" aria-expanded={all} aria-controls="case-facts-list" onClick={turn}>
        {all ? say('window_case.fewer_facts') : say('window_case.all_facts', { unknown: unknown.length })}
        <kbd aria-hidden="true">v</kbd>
      </Button>
      <IndicatorMatches hits={view.indicators} own={view.row.id} />
    </section>
  );
}

/** What the resident said, in their words. */
export function NarrativeSection(props: { readonly view: CaseView }): ReactElement | null {
  const { say } = useLanguage();
  const { narrative } = props.view.private;
  if (narrative === '') return null;
  return (
    <section className="section personal" aria-labelledby="case-words">
      <header>
        <h3 id="case-words">{say('window_case.their_words')}</h3>
      </header>
      <p className="narrative">{narrative}</p>
    </section>
  );
}
