import { useState, type ReactElement } from 'react';
import { Button, ProblemBox } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { useLanguage } from '../../language/language.ts';
import { useAction, useReading, useServices } from '../../hooks/services.ts';
import { Card, Line } from './card.tsx';

/** Asks who is working: shared laptops have several named people. */
export function ChoosePerson(props: { readonly onChosen: () => void }): ReactElement {
  const { say } = useLanguage();
  const { client } = useServices();
  const people = useReading('people', ['people'], () => client.people.list({}));
  const [name, setName] = useState('');
  const choose = useAction(async (id: string) => {
    await client.people.choose({ id });
    props.onChosen();
  });
  const add = useAction(async () => {
    const person = await client.people.add({ name: name.trim() });
    await client.people.choose({ id: person.id });
    props.onChosen();
  });
  return (
    <Card title={say('window_entry.who')} more={say('window_entry.who_more')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') void add.run();
        }}
      >
        <div className="stack">
          {(people.data ?? []).map((person) => (
            <Button key={person.id} onClick={() => void choose.run(person.id)}>
              <Icon name="person" />
              {person.name}
            </Button>
          ))}
        </div>
        <Line
          id="person-name"
          label={say('window_entry.add_person')}
          value={name}
          maxLength={80}
          error={undefined}
          onChange={(event) => setName(event.target.value)}
        />
        <ProblemBox problem={people.problem ?? choose.problem ?? add.problem} />
        <div className="actions">
          <Button type="submit" off={name.trim() === ''}>
            {say('window_entry.add_person')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
