import type { ReactElement } from 'react';
import { tagText } from '../../../shared/domain/tactics.ts';
import type { Attribute } from '../../../shared/encoding/schema.ts';
import { Button, Page, ProblemBox } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { useLanguage, type Say } from '../../language/language.ts';
import { go } from '../../hooks/router.ts';
import { useForm } from '../../hooks/services.ts';
import { indicatorKinds, needNames } from './draft.ts';

function boxesOf(attribute: Attribute, say: Say): readonly string[] {
  if (attribute.kind === 'boolean')
    return [say('window_intake.yes'), say('window_intake.no'), say('window_intake.unknown')];
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
  const { say } = useLanguage();
  return (
    <section>
      <h2>{props.title}</h2>
      {props.attributes.map((attribute) => (
        <Ask key={attribute.name} question={attribute.question} boxes={boxesOf(attribute, say)} />
      ))}
    </section>
  );
}

/** The blank interview sheet of the current schema, made for black and white paper. */
export function InterviewSheet(): ReactElement {
  const { say } = useLanguage();
  const form = useForm();
  const attributes = form.data?.schema.attributes ?? [];
  const inGroup = (group: Attribute['group']): Attribute[] =>
    attributes.filter((one) => one.group === group && one.kind !== 'tactic');
  return (
    <Page
      title={say('window_intake.sheet_title')}
      beside={say('window_intake.sheet_more')}
      end={
        <>
          <Button look="plain" onClick={() => go({ page: 'new' })}>
            {say('window_intake.sheet_back')}
          </Button>
          <Button look="primary" onClick={() => window.print()}>
            <Icon name="print" />
            {say('window_intake.sheet_print')}
          </Button>
        </>
      }
    >
      <div className="sheet">
        <ProblemBox problem={form.problem} />
        <Ask
          question={say('window_intake.urgent')}
          boxes={[say('window_intake.yes'), say('window_intake.no'), say('window_intake.unknown')]}
        />
        <p className="small">{say('window_intake.sheet_urgent_yes')}</p>
        <section>
          <h2>{say('window_intake.reach')}</h2>
          <Ask question={say('window_intake.safe_contact')} />
          <Ask
            question={say('window_intake.needs')}
            boxes={[say('window_intake.at_risk'), ...needNames.map((need) => say(`window_intake.need_names_${need}`))]}
          />
          <Ask question={say('window_intake.resident')} />
          <Ask question={say('window_intake.contact')} />
          <Ask question={say('window_intake.place')} />
        </section>
        <Group title={say('window_intake.telling')} attributes={inGroup('telling')} />
        <Group title={say('window_intake.money_group')} attributes={inGroup('money')} />
        <section>
          {indicatorKinds.map((kind) => (
            <Ask key={kind} question={say(`window_intake.indicators_${kind}`)} />
          ))}
          <Ask
            question={say('window_intake.tactics')}
            boxes={[...(form.data?.schema.understoodTactics ?? [])].map(tagText)}
          />
        </section>
        <Group title={say('window_intake.contact_group')} attributes={inGroup('contact')} />
        <Group title={say('window_intake.more_group')} attributes={inGroup('more')} />
        <section>
          <h2>{say('window_intake.narrative')}</h2>
          <div className="lines" />
          <Ask question={say('window_intake.sheet_by')} />
        </section>
      </div>
    </Page>
  );
}
