import { Fragment, type ReactElement, type ReactNode } from 'react';
import type { CaseView, IndicatorHit } from '../../../shared/contract/views.ts';
import { normaliseTactic } from '../../../shared/domain/tactics.ts';
import { valueText } from '../../../shared/encoding/phrases.ts';
import type { Attribute, FeatureSchema } from '../../../shared/encoding/schema.ts';
import { Mark } from '../../components/verdict.tsx';
import { dateText, instantText, momentText, tagText } from '../../format.ts';
import { go } from '../../router.ts';
import { useNow, useServices } from '../../services.ts';
import { text } from '../../strings.ts';

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
  readonly children: ReactNode;
}): ReactElement {
  const classes = [props.wide === true ? 'wide' : '', props.personal === true ? 'personal' : ''].join(' ').trim();
  return (
    <div className={classes}>
      <dt>{props.label}</dt>
      <dd title={props.title}>{props.children}</dd>
    </div>
  );
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

function Sightings(props: { readonly hits: readonly IndicatorHit[] }): ReactElement | null {
  const { view } = useServices();
  if (props.hits.length === 0) return null;
  const show = (value: string): void => {
    view.getState().set({ search: value, show: 'open', queueScroll: 0 });
    go({ page: 'queue', id: null, reading: false });
  };
  return (
    <>
      <h3 className="visually-hidden">{text.case.links}</h3>
      <div className="sightings personal">
        {props.hits.map((hit) => (
          <div key={`${hit.kind}/${hit.value}`} className="sighting">
            <span className="mono breaks">{hit.value}</span>
            {hit.cases > 1 ? (
              <span>
                {text.case.kinds[hit.kind]}: <b>{text.case.sighting(hit.cases, hit.confirmed, hit.offices)}</b>
              </span>
            ) : (
              <span className="muted">
                {text.case.kinds[hit.kind]}: {text.case.firstSeen}
              </span>
            )}
            {hit.cases > 1 ? (
              <button
                type="button"
                className="link"
                onClick={() => show(hit.value)}
                aria-label={`${text.case.show}: ${hit.value}`}
              >
                {text.case.show}
              </button>
            ) : (
              <span />
            )}
          </div>
        ))}
      </div>
    </>
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
      <div className="gap" role="presentation" />
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
        {sorted.groups.map((group, index) => (
          <Fragment key={group[0]?.name}>
            {index > 0 && <div className="gap" role="presentation" />}
            {group.map((attribute) => (
              <Fact key={attribute.name} label={attribute.label}>
                {valueText(attribute, view.facts.attributes[attribute.name])}
              </Fact>
            ))}
          </Fragment>
        ))}
        {view.facts.tactics.length + view.private.tacticsGiven.length > 0 && (
          <Fact label={text.case.tactics} wide>
            <TacticChips view={view} schema={schema} />
          </Fact>
        )}
        {sorted.unknown.length > 0 && (
          <Fact label={text.case.unknown} wide>
            <span className="muted">{sorted.unknown.join(', ')}</span>
          </Fact>
        )}
        {view.private.narrative !== '' && (
          <div className="wide personal">
            <dt>{text.case.theirWords}</dt>
            <dd className="narrative">{view.private.narrative}</dd>
          </div>
        )}
      </dl>
      <Sightings hits={view.indicators} />
    </section>
  );
}
