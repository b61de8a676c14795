import { useState, type FormEvent, type ReactElement } from 'react';
import { shortestPassphrase } from '../../../shared/domain/passphrase.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';
import { Button, ProblemBox } from '../../components/controls.tsx';
import { useLanguage } from '../../language/language.ts';
import { useAction, useServices } from '../../hooks/services.ts';
import { Card, Line } from './card.tsx';

const fields = ['name', 'office', 'passphrase', 'again'] as const;
type Values = Record<(typeof fields)[number], string>;

/** Problems of the first-start form, by field. */
function checkFirstStart(values: Values): Partial<Record<keyof Values, Sentence>> {
  return {
    ...(values.name.trim() === '' ? { name: sentence('window_entry.no_name') } : {}),
    ...(values.passphrase.length < shortestPassphrase
      ? { passphrase: sentence('window_entry.too_short', { least: shortestPassphrase }) }
      : {}),
    ...(values.passphrase.length >= 8 && values.again !== values.passphrase
      ? { again: sentence('window_entry.not_same') }
      : {}),
  };
}

/** First start: who works here, and the passphrase that protects everything. */
export function FirstStart(props: { readonly onCreated: () => void }): ReactElement {
  const { say } = useLanguage();
  const { client } = useServices();
  const [values, setValues] = useState<Values>({ name: '', office: '', passphrase: '', again: '' });
  const [tries, setTries] = useState(0);
  const problems = tries === 0 ? {} : checkFirstStart(values);
  const create = useAction(async () => {
    const { name, office, passphrase } = values;
    await client.vault.create({ passphrase, personName: name.trim(), office: office.trim() });
    props.onCreated();
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTries(tries + 1);
    const found = checkFirstStart(values);
    const first = fields.find((field) => found[field] !== undefined);
    if (first === undefined) void create.run();
    else document.getElementById(`first-${first}`)?.focus();
  };
  const line = (field: keyof Values) => ({
    id: `first-${field}`,
    value: values[field],
    error: problems[field],
    onChange: (event: { target: { value: string } }) => setValues({ ...values, [field]: event.target.value }),
  });
  return (
    <Card title={say('window_entry.welcome')} more={say('window_entry.welcome_more')}>
      <form onSubmit={submit} noValidate>
        <Line
          {...line('name')}
          label={say('window_entry.your_name')}
          hint={say('window_entry.your_name_hint')}
          autoComplete="name"
          maxLength={80}
          first
        />
        <Line {...line('office')} label={say('window_entry.office')} maxLength={80} />
        <Line
          {...line('passphrase')}
          type="password"
          label={say('window_entry.passphrase')}
          hint={say('window_entry.passphrase_hint')}
          autoComplete="new-password"
          maxLength={1000}
        />
        <Line
          {...line('again')}
          type="password"
          label={say('window_entry.again')}
          autoComplete="new-password"
          maxLength={1000}
        />
        <ProblemBox problem={create.problem} />
        <div className="actions">
          <Button type="submit" look="primary" off={create.busy}>
            {create.busy ? say('window_entry.creating') : say('window_entry.create')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
