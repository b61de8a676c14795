import { Fragment, type ReactElement } from 'react';
import { useStore } from 'zustand';
import { Sheet } from '../../components/overlay.tsx';
import { useServices } from '../../services.ts';
import { text } from '../../strings.ts';

const groups: readonly { readonly title: string; readonly keys: readonly (readonly [readonly string[], string])[] }[] =
  [
    {
      title: text.keys.groups.queue,
      keys: [
        [['j', 'k'], text.keys.move],
        [['Enter'], text.keys.open],
        [['Esc'], text.keys.back],
        [['o', 's', 'g', 'i'], text.keys.outcome],
        [['/'], text.keys.search],
        [['f'], text.keys.filter],
      ],
    },
    {
      title: text.keys.groups.pages,
      keys: [
        [['n'], text.keys.new],
        [['g', 'q', 'm', 'o'], text.keys.go],
        [['g', 'y', 'e', 'n'], text.keys.goMore],
      ],
    },
    {
      title: text.keys.groups.everywhere,
      keys: [
        [['Ctrl K'], text.keys.palette],
        [['?'], text.keys.help],
      ],
    },
  ];

/** The sheet of keys (?). */
export function Help(): ReactElement {
  const { view } = useServices();
  const open = useStore(view, (state) => state.help);
  return (
    <Sheet open={open} onClose={() => view.getState().set({ help: false })} title={text.frame.help} wide>
      {groups.map((group) => (
        <Fragment key={group.title}>
          <h3>{group.title}</h3>
          <dl className="keys">
            {group.keys.map(([keys, means]) => (
              <div key={means}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{means}</dd>
              </div>
            ))}
          </dl>
        </Fragment>
      ))}
    </Sheet>
  );
}
