import { Fragment, type ReactElement } from 'react';
import { useStore } from 'zustand';
import { sentence, type PlainCode, type Sentence } from '../../../shared/language/sentence.ts';
import { Sheet } from '../../components/overlay.tsx';
import { useLanguage } from '../../language/language.ts';
import { useServices } from '../../hooks/services.ts';

interface KeyGroup {
  readonly title: PlainCode;
  readonly keys: readonly (readonly [readonly (string | Sentence)[], PlainCode])[];
}

const groups: readonly KeyGroup[] = [
  {
    title: 'window_keys.groups_queue',
    keys: [
      [['j', 'k'], 'window_keys.move'],
      [[sentence('window_keys.enter')], 'window_keys.open'],
      [[sentence('window_keys.esc')], 'window_keys.back'],
      [['o', 's', 'g', 'i'], 'window_keys.outcome'],
      [['v'], 'window_keys.facts'],
      [['/'], 'window_keys.search'],
      [['f'], 'window_keys.filter'],
    ],
  },
  {
    title: 'window_keys.groups_pages',
    keys: [
      [['n'], 'window_keys.new'],
      [['g', 'q', 'm', 'o'], 'window_keys.go'],
      [['g', 'y', 'e', 'n', 'i'], 'window_keys.go_more'],
    ],
  },
  {
    title: 'window_keys.groups_everywhere',
    keys: [
      [[sentence('window_keys.ctrl_k')], 'window_keys.palette'],
      [[sentence('window_keys.ctrl_enter')], 'window_keys.save'],
      [['?'], 'window_keys.help'],
    ],
  },
];

/** The sheet of keys (?). */
export function Help(): ReactElement {
  const { say } = useLanguage();
  const { view } = useServices();
  const open = useStore(view, (state) => state.help);
  return (
    <Sheet open={open} onClose={() => view.getState().set({ help: false })} title={say('window_frame.help')} wide>
      {groups.map((group) => (
        <Fragment key={group.title}>
          <h3>{say(group.title)}</h3>
          <dl className="keys">
            {group.keys.map(([keys, means]) => (
              <div key={means}>
                <dt>
                  {keys
                    .map((key) => (typeof key === 'string' ? key : say(key)))
                    .map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                </dt>
                <dd>{say(means)}</dd>
              </div>
            ))}
          </dl>
        </Fragment>
      ))}
    </Sheet>
  );
}
