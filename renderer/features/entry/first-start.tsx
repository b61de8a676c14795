import { useState, type FormEvent, type ReactElement } from 'react';
import { Button, ProblemBox } from '../../components/controls.tsx';
import { useAction, useServices } from '../../services.ts';
import { text } from '../../strings.ts';
import { Card, Line } from './card.tsx';

const fields = ['name', 'office', 'passphrase', 'again'] as const;
type Values = Record<(typeof fields)[number], string>;

/** Problems of the first-start form, by field. */
export function checkFirstStart(values: Values): Partial<Values> {
  return {
    ...(values.name.trim() === '' ? { name: text.entry.noName } : {}),
    ...(values.passphrase.length < 8 ? { passphrase: text.entry.tooShort } : {}),
    ...(values.passphrase.length >= 8 && values.again !== values.passphrase ? { again: text.entry.notSame } : {}),
  };
}

/** First start: who works here, and the passphrase that protects everything. */
export function FirstStart(props: { readonly onCreated: () => void }): ReactElement {
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
    <Card title={text.entry.welcome} more={text.entry.welcomeMore}>
      <form onSubmit={submit} noValidate>
        <Line
          {...line('name')}
          label={text.entry.yourName}
          hint={text.entry.yourNameHint}
          autoComplete="name"
          maxLength={80}
          first
        />
        <Line {...line('office')} label={text.entry.office} maxLength={80} />
        <Line
          {...line('passphrase')}
          type="password"
          label={text.entry.passphrase}
          hint={text.entry.passphraseHint}
          autoComplete="new-password"
          maxLength={1000}
        />
        <Line
          {...line('again')}
          type="password"
          label={text.entry.again}
          autoComplete="new-password"
          maxLength={1000}
        />
        <ProblemBox problem={create.problem} />
        <div className="actions">
          <Button type="submit" look="primary" off={create.busy}>
            {create.busy ? text.entry.creating : text.entry.create}
          </Button>
        </div>
      </form>
    </Card>
  );
}
