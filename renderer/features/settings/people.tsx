import { useState, type FormEvent, type ReactElement } from 'react';
import type { Person } from '../../../shared/contract/views.ts';
import { sentence } from '../../../shared/language/sentence.ts';
import { Button, FieldError, Panel, ProblemBox } from '../../components/controls.tsx';
import { useLanguage } from '../../language/language.ts';
import { useAction, useReading, useServices } from '../../hooks/services.ts';

/** The people who use this laptop: switch, or add one. */
export function PeoplePanel(props: { readonly current: Person | null }): ReactElement {
  const { say } = useLanguage();
  const { client, queries } = useServices();
  const people = useReading('people', ['people'], () => client.people.list({}));
  const [name, setName] = useState('');
  const [missing, setMissing] = useState(false);
  const refresh = (): void => queries.changed();
  const choose = useAction((id: string) => client.people.choose({ id }).then(refresh));
  const add = useAction(async () => {
    await client.people.add({ name: name.trim() });
    setName('');
    refresh();
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(name.trim() === '');
    if (name.trim() !== '') void add.run();
  };
  return (
    <Panel title={say('window_settings.people')}>
      <div className="inner stack">
        <p className="muted small">{say('window_settings.people_more')}</p>
        <ul className="lines">
          {(people.data ?? []).map((person) => (
            <li key={person.id} className="actions">
              <span>{person.name}</span>
              {person.id === props.current?.id ? (
                <span className="push muted small">{say('window_settings.working')}</span>
              ) : (
                <Button
                  look="plain"
                  className="push"
                  aria-label={say('window_frame.switch_to', { name: person.name })}
                  onClick={() => void choose.run(person.id)}
                >
                  {say('window_settings.choose')}
                </Button>
              )}
            </li>
          ))}
        </ul>
        <form className="people-add" onSubmit={submit} noValidate>
          <input
            className="input"
            aria-label={say('window_settings.add_name')}
            placeholder={say('window_settings.add_name')}
            maxLength={80}
            value={name}
            aria-invalid={missing || undefined}
            aria-describedby="people-error"
            onChange={(event) => setName(event.target.value)}
          />
          <Button type="submit" off={add.busy}>
            {say('window_settings.add')}
          </Button>
          <FieldError id="people-error" message={missing ? sentence('window_settings.no_name') : undefined} />
        </form>
        <ProblemBox problem={people.problem ?? choose.problem ?? add.problem} />
      </div>
    </Panel>
  );
}
