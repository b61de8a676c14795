import type { ReactElement, ReactNode } from 'react';
import type { CaseView } from '../../../shared/contract/views.ts';
import { normaliseTactic, tagText } from '../../../shared/domain/tactics.ts';
import { valueText } from '../../../shared/encoding/phrases.ts';
import type { Attribute, FeatureSchema } from '../../../shared/encoding/schema.ts';
import { Mark } from '../../components/verdict.tsx';
import { capital, dateText, instantText, momentText } from '../../format.ts';
import { useNow } from '../../services.ts';
import { text } from '../../strings.ts';
import { Sightings } from './sightings.tsx';

const groupOrder: readonly Attribute['group'][] = ['telling', 'contact', 'money', 'more'];

/** Attributes with a known value by group, and the labels of the unknown ones. */
export function sortFacts(schema: FeatureSchema, attributes: CaseView['facts']['attributes']) {
  const asked = schema.attributes.filter((attribute) => attribute.kind !== 'tactic');
  const isKnown = (attribute: Attribute): boolean => (attributes[attribute.name] ?? null) !== null;
  return {
    groups: groupOrder
      .map((group) => asked.filter((attribute) => attribute.group === group && isKnown(attribute)))
      .filter((group) => group.length > 0),
    unknown: asked.filter((attribute) => !isKnown(attribute)).map((attribute) => attribute.label),
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

function lowerFirst(label: string): string {
  return label.charAt(0).toLowerCase() + label.slice(1);
}

function TacticChips(props: { readonly view: CaseView; readonly schema: FeatureSchema | undefined }): ReactElement {
  const given = props.view.private.tacticsGiven.length > 0 ? props.view.private.tacticsGiven : props.view.facts.tactics;
  const outside = new Set(
    props.view.firstScore?.outside.flatMap((reason) => (reason.kind === 'tactic' ? [reason.tag] : [])) ?? [],
  );
  const understood = new Set(props.schema?.understoodTactics ?? []);
  const isOutside = (tactic: string): boolean => {
    const tag = normaliseTactic(tactic, props.schema?.synonyms ?? {});
    return outside.has(tag) || (props.schema !== undefined && !understood.has(tag));
  };
  return (
    <span className="chips">
      {given.map((tactic) =>
        isOutside(tactic) ? (
          <span key={tactic} className="chip outside" title={text.case.unseenTactic}>
            <Mark standing="outside" />
            <span>{tagText(tactic)}</span>
          </span>
        ) : (
          <span key={tactic} className="chip">
            <span>{tagText(tactic)}</span>
          </span>
        ),
      )}
    </span>
  );
}

function PersonalFacts(props: { readonly view: CaseView }): ReactElement {
  const now = useNow(60_000);
  const { row, private: personal } = props.view;
  return (
    <>
      <Fact label={text.case.takenIn} title={instantText(row.takenInAt)}>
        {momentText(row.takenInAt, now)}
        {personal.place !== '' && `, ${personal.place}`}
      </Fact>
      <Fact label={text.case.received}>{dateText(row.received, now)}</Fact>
      {personal.contact !== '' && (
        <Fact label={text.case.contact} wide personal>
          {personal.contact}
        </Fact>
      )}
    </>
  );
}

/** The facts of a case, grouped; what is unknown is named in one line instead of taking rows. */
export function FactsSection(props: {
  readonly view: CaseView;
  readonly schema: FeatureSchema | undefined;
}): ReactElement {
  const { view, schema } = props;
  const sorted = schema === undefined ? { groups: [], unknown: [] } : sortFacts(schema, view.facts.attributes);
  return (
    <section className="section" aria-labelledby="case-facts">
      <h3 id="case-facts" className="visually-hidden">
        {text.case.facts}
      </h3>
      <dl className="facts">
        <PersonalFacts view={view} />
        {view.private.paidAt !== '' && <Fact label={text.intake.paidAt}>{view.private.paidAt}</Fact>}
        {sorted.groups.flat().map((attribute) => {
          const value = view.facts.attributes[attribute.name];
          return (
            <Fact key={attribute.name} label={attribute.label} quiet={value === false}>
              {valueText(attribute, value)}
            </Fact>
          );
        })}
        {view.facts.tactics.length + view.private.tacticsGiven.length > 0 && (
          <Fact label={text.case.tactics} wide>
            <TacticChips view={view} schema={schema} />
          </Fact>
        )}
        {sorted.unknown.length > 0 && (
          <Fact label={text.case.unknown} wide>
            <span className="muted">{capital(sorted.unknown.map(lowerFirst).join(', '))}</span>
          </Fact>
        )}
      </dl>
      <Sightings hits={view.indicators} own={view.row.id} />
    </section>
  );
}

/** What the resident said, in their words. */
export function NarrativeSection(props: { readonly view: CaseView }): ReactElement | null {
  const { narrative } = props.view.private;
  if (narrative === '') return null;
  return (
    <section className="section personal" aria-labelledby="case-words">
      <header>
        <h3 id="case-words">{text.case.theirWords}</h3>
      </header>
      <p className="narrative">{narrative}</p>
    </section>
  );
}
