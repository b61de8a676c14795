import type { ReactElement } from 'react';
import { tagText } from '../../../shared/domain/tactics.ts';
import type { Attribute } from '../../../shared/encoding/schema.ts';
import { Button, Page, ProblemBox } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { go } from '../../router.ts';
import { useForm } from '../../services.ts';
import { text } from '../../strings.ts';
import { indicatorKinds } from './draft.ts';

const words = text.intake;

function boxesOf(attribute: Attribute): readonly string[] {
  if (attribute.kind === 'boolean') return [words.yes, words.no, words.unknown];
  return attribute.kind === 'category' ? attribute.values.map((value) => value.label) : [];
}

function Ask(props: { readonly question: string; readonly boxes?: readonly string[] }): ReactElement {
  const boxes = props.boxes ?? [];
  return (
    <div className="ask">
      <span>{props.question}</span>
      {boxes.length > 0 ? (
        <span className="boxes">
          {boxes.map((box) => (
            <span key={box}>{box}</span>
          ))}
        </span>
      ) : (
        <span className="write" />
      )}
    </div>
  );
}

function Group(props: { readonly title: string; readonly attributes: readonly Attribute[] }): ReactElement {
  return (
    <section>
      <h2>{props.title}</h2>
      {props.attributes.map((attribute) => (
        <Ask key={attribute.name} question={attribute.question} boxes={boxesOf(attribute)} />
      ))}
    </section>
  );
}

/** The blank interview sheet of the current schema, made for black and white paper. */
export function InterviewSheet(): ReactElement {
  const form = useForm();
  const attributes = form.data?.schema.attributes ?? [];
  const inGroup = (group: Attribute['group']): Attribute[] =>
    attributes.filter((one) => one.group === group && one.kind !== 'tactic');
  return (
    <Page
      title={words.sheetTitle}
      beside={words.sheetMore}
      end={
        <>
          <Button look="plain" onClick={() => go({ page: 'new' })}>
            {words.sheetBack}
          </Button>
          <Button look="primary" onClick={() => window.print()}>
            <Icon name="print" />
            {words.sheetPrint}
          </Button>
        </>
      }
    >
      <div className="sheet">
        <ProblemBox problem={form.problem} />
        <Ask question={words.urgent} boxes={[words.yes, words.no, words.unknown]} />
        <p className="small">{words.sheetUrgentYes}</p>
        <section>
          <h2>{words.reach}</h2>
          <Ask question={words.safeContact} />
          <Ask question={words.needs} boxes={[words.atRisk, ...Object.values(words.needNames)]} />
          <Ask question={words.resident} />
          <Ask question={words.contact} />
          <Ask question={words.place} />
        </section>
        <Group title={words.telling} attributes={inGroup('telling')} />
        <Group title={words.moneyGroup} attributes={inGroup('money')} />
        <section>
          {indicatorKinds.map((kind) => (
            <Ask key={kind} question={words.indicators[kind]} />
          ))}
          <Ask question={words.tactics} boxes={[...(form.data?.schema.understoodTactics ?? [])].map(tagText)} />
        </section>
        <Group title={words.contactGroup} attributes={inGroup('contact')} />
        <Group title={words.moreGroup} attributes={inGroup('more')} />
        <section>
          <h2>{words.narrative}</h2>
          <div className="lines" />
          <Ask question={words.sheetBy} />
        </section>
      </div>
    </Page>
  );
}
