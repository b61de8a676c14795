import { wordsOf, type AttributeWords } from '../../../shared/encoding/attribute-words.ts';
import type { DescribedSchema } from '../../../shared/encoding/schema-texts.ts';
import type { ReactElement } from 'react';
import { tagText } from '../../../shared/domain/tactics.ts';
import type { Attribute } from '../../../shared/encoding/schema.ts';
import { Button, Page, ProblemBox } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import type { Language } from '../../../shared/language/language.ts';
import { useLanguage } from '../../language/language.ts';
import { go } from '../../hooks/router.ts';
import { useForm } from '../../hooks/services.ts';
import { indicatorKinds, needNames } from './draft.ts';

function boxesOf(attribute: Attribute, named: AttributeWords, { say, words }: Language): readonly string[] {
  if (attribute.kind === 'boolean')
    return [say('window_intake.yes'), say('window_intake.no'), say('window_intake.unknown')];
  return attribute.kind === 'category' ? attribute.values.map((value) => words(named.value(value))) : [];
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

function Group(props: {
  readonly title: string;
  readonly form: DescribedSchema | undefined;
  readonly group: Attribute['group'];
}): ReactElement {
  const language = useLanguage();
  const { form, group } = props;
  const asked = form?.schema.attributes.filter((one) => one.group === group && one.kind !== 'tactic') ?? [];
  return (
    <section>
      <h2>{props.title}</h2>
      {asked.map((attribute) => {
        const named = wordsOf(form!, attribute);
        const question = language.words(named.question);
        return <Ask key={attribute.name} question={question} boxes={boxesOf(attribute, named, language)} />;
      })}
    </section>
  );
}

/** The blank interview sheet of the current schema, made for black and white paper. */
export function InterviewSheet(): ReactElement {
  const { say } = useLanguage();
  const form = useForm();
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
        <Group title={say('window_intake.telling')} form={form.data} group="telling" />
        <Group title={say('window_intake.money_group')} form={form.data} group="money" />
        <section>
          {indicatorKinds.map((kind) => (
            <Ask key={kind} question={say(`window_intake.indicators_${kind}`)} />
          ))}
          <Ask
            question={say('window_intake.tactics')}
            boxes={[...(form.data?.schema.understoodTactics ?? [])].map(tagText)}
          />
        </section>
        <Group title={say('window_intake.contact_group')} form={form.data} group="contact" />
        <Group title={say('window_intake.more_group')} form={form.data} group="more" />
        <section>
          <h2>{say('window_intake.narrative')}</h2>
          <div className="lines" />
          <Ask question={say('window_intake.sheet_by')} />
        </section>
      </div>
    </Page>
  );
}
