import { wordsOf } from '../../../shared/encoding/attribute-words.ts';
import type { DescribedSchema } from '../../../shared/encoding/schema-texts.ts';
import { useMemo, type ReactElement, type ReactNode } from 'react';
import type { CaseView } from '../../../shared/contract/views.ts';
import { tacticsGiven, tacticText } from '../../../shared/domain/tactics.ts';
import type { Attribute } from '../../../shared/encoding/schema.ts';
import { listed } from '../../../shared/language/sentence.ts';
import { Mark } from '../../components/verdict.tsx';
import { capital, dateText, instantText, momentText } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { useNow } from '../../hooks/services.ts';

import { spellingsOf, type TacticsKnown } from '../../language/spellings.ts';
import { IndicatorMatches } from './indicator-matches.tsx';
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

function TacticChips(props: { readonly view: CaseView; readonly form: TacticsKnown | undefined }): ReactElement {
  const { say } = useLanguage();
  const given = props.view.private.tacticsGiven.length > 0 ? props.view.private.tacticsGiven : props.view.facts.tactics;
  const outside = new Set(
    props.view.firstScore?.outside.flatMap((reason) => (reason.kind === 'tactic' ? [reason.tag] : [])) ?? [],
  );
  const { form } = props;
  const spellings = useMemo(() => (form === undefined ? {} : spellingsOf(form, given)), [form, given]);
  const understood = new Set(form?.schema.understoodTactics);
  const isOutside = (tag: string): boolean => outside.has(tag) || (form !== undefined && !understood.has(tag));
  return (
    <span className="chips">
      {tacticsGiven(given, spellings).map((tactic) =>
        isOutside(tactic.tag) ? (
          <span key={tactic.tag} className="chip outside" title={say('window_case.unseen_tactic')}>
            <Mark standing="outside" />
            <span>{tacticText(tactic)}</span>
          </span>
        ) : (
          <span key={tactic.tag} className="chip">
            <span>{tacticText(tactic)}</span>
          </span>
        ),
      )}
    </span>
  );
}

function PersonalFacts(props: { readonly view: CaseView }): ReactElement {
  const { say } = useLanguage();
  const now = useNow(60_000);
  const { row, private: personal } = props.view;
  return (
    <>
      <Fact label={say('window_case.taken_in')} title={say(instantText(row.takenInAt))}>
        {personal.place === ''
          ? say(momentText(row.takenInAt, now))
          : say('window_case.taken_in_at', { moment: momentText(row.takenInAt, now), place: personal.place })}
      </Fact>
      <Fact label={say('window_case.received')}>{say(dateText(row.received, now))}</Fact>
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
  const sorted = described === undefined ? { groups: [], unknown: [] } : sortFacts(described, view.facts.attributes);
  return (
    <section className="section" aria-labelledby="case-facts">
      <h3 id="case-facts" className="visually-hidden">
        {say('window_case.facts')}
      </h3>
      <dl className="facts">
        <PersonalFacts view={view} />
        {view.private.paidAt !== '' && <Fact label={say('window_intake.paid_at')}>{view.private.paidAt}</Fact>}
        {sorted.groups.flat().map((attribute) => {
          const value = view.facts.attributes[attribute.name];
          const named = wordsOf(described!, attribute);
          return (
            <Fact key={attribute.name} label={words(named.label)} quiet={value === false}>
              {words(valueText(attribute, named, value))}
            </Fact>
          );
        })}
        {view.facts.tactics.length + view.private.tacticsGiven.length > 0 && (
          <Fact label={say('window_case.tactics')} wide>
            <TacticChips view={view} form={described} />
          </Fact>
        )}
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
