import { wordsOf } from '../../../shared/encoding/attribute-words.ts';
import type { DescribedSchema } from '../../../shared/encoding/schema-texts.ts';
import { useMemo, type ReactElement, type ReactNode } from 'react';
import type { CaseView } from '../../../shared/contract/views.ts';
import { tacticsGiven, tacticText, type GivenTactic } from '../../../shared/domain/tactics.ts';
import type { Attribute } from '../../../shared/encoding/schema.ts';
import { listed } from '../../../shared/language/sentence.ts';
import { Mark } from '../../components/verdict.tsx';
import { capital, dateText, dayText, instantText, momentText } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { useNow } from '../../hooks/services.ts';

import { spellingsOf, type TacticsKnown } from '../../language/spellings.ts';
import { IndicatorMatches } from './indicator-matches.tsx';
import { LeftOut, PrintedText } from './report.tsx';
import { valueText } from './value.ts';

const groupOrder: readonly Attribute['group'][] = ['telling', 'contact', 'money', 'more'];

/** Attributes with a known value by group, and the names of the unknown ones. */
function sortFacts(described: DescribedSchema, attributes: CaseView['facts']['attributes']) {
  const asked = described.schema.attributes.filter((attribute) => attribute.kind !== 'tactic');
  const isKnown = (attribute: Attribute): boolean => (attributes[attribute.name] ?? null) !== null;
  return {
    groups: groupOrder
      .map((group) => asked.filter((attribute) => attribute.group === group && isKnown(attribute)))
      .filter((group) => group.length > 0),
    unknown: asked.filter((attribute) => !isKnown(attribute)).map((attribute) => wordsOf(described, attribute).name),
  };
}

function Fact(props: {
  readonly label: string;
  readonly wide?: boolean;
  readonly personal?: boolean;
  readonly title?: string;
  /** Said no: less to be seen than what was said yes. */
  readonly quiet?: boolean;
  readonly children: ReactNode;
}): ReactElement {
  const classes = [
    props.wide === true ? 'wide' : '',
    props.personal === true ? 'personal' : '',
    props.quiet === true ? 'quiet' : '',
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

function PersonalFacts(props: { readonly view: CaseView }): ReactElement {
  const { say } = useLanguage();
  const now = useNow(60_000);
  const { row, private: personal } = props.view;
  return (
    <>
      <Fact label={say('window_case.taken_in')} title={say(instantText(row.takenInAt))}>
        <TakenIn view={props.view} now={now} />
      </Fact>
      <Fact label={say('window_case.received')}>
        <PrintedText screen={say(dateText(row.received, now))} paper={say(dayText(row.received))} />
      </Fact>
      {personal.contact !== '' && (
        <Fact label={say('window_case.contact')} wide personal>
          {personal.contact}
        </Fact>
      )}
    </>
  );
}

/** The facts of a case, grouped; what is unknown is named in one line instead of taking rows. */
export function FactsSection(props: {
  readonly view: CaseView;
  readonly described: (DescribedSchema & TacticsKnown) | undefined;
}): ReactElement {
  const { say, words } = useLanguage();
  const { view, described } = props;
  const tactics = useTactics({ view, form: described });
  const leftOut = tactics.filter(isWithheld(view)).length;
  const kept = new Set(view.withheld.attributes);
  const sorted = described === undefined ? { groups: [], unknown: [] } : sortFacts(described, view.facts.attributes);
  return (
    <section className="section" aria-labelledby="case-facts">
      <h3 id="case-facts" className="visually-hidden">
        {say('window_case.facts')}
      </h3>
      <dl className="facts">
        <PersonalFacts view={view} />
        {view.private.paidAt !== '' && (
          <Fact label={say('window_intake.paid_at')} personal>
            {view.private.paidAt}
          </Fact>
        )}
        {sorted.groups.flat().map((attribute) => {
          const value = view.facts.attributes[attribute.name];
          const named = wordsOf(described!, attribute);
          return (
            <Fact
              key={attribute.name}
              label={words(named.label)}
              quiet={value === false}
              personal={kept.has(attribute.name)}
            >
              {words(valueText(attribute, named, value))}
            </Fact>
          );
        })}
        {tactics.length > 0 && (
          <Fact label={say('window_case.tactics')} wide personal={leftOut === tactics.length}>
            <TacticChips view={view} form={described} tactics={tactics} />
          </Fact>
        )}
        <LeftOut tactics={leftOut} answers={kept.size} />
        {sorted.unknown.length > 0 && (
          <Fact label={say('window_case.unknown')} wide>
            <span className="muted">{capital(say('language.joined', { parts: listed(sorted.unknown) }))}</span>
          </Fact>
        )}
      </dl>
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
