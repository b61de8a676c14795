import type { ReactElement } from 'react';
import type { ModelRow } from '../../../shared/contract/views.ts';
import { Button, Panel } from '../../components/controls.tsx';
import { ago, dateText, instantText } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { useNow } from '../../hooks/services.ts';

/** Every model kept on this laptop, with what may be done with it. */
export function InstalledTable(props: {
  readonly models: readonly ModelRow[];
  readonly active: ModelRow | undefined;
  readonly busy: boolean;
  readonly onDryRun: (model: ModelRow) => void;
  readonly onActivate: (model: ModelRow) => void;
}): ReactElement {
  const { say } = useLanguage();
  const now = useNow(3_600_000);
  const { active } = props;
  return (
    <Panel title={say('window_models.installed')}>
      <table className="table">
        <caption className="visually-hidden">{say('window_models.installed')}</caption>
        <thead>
          <tr>
            <th scope="col">{say('window_models.model')}</th>
            <th scope="col">{say('window_models.state')}</th>
            <th scope="col">{say('window_models.made')}</th>
            <th scope="col">{say('window_models.expires')}</th>
            <th scope="col">{say('window_models.source')}</th>
            <th scope="col">{say('window_models.hash')}</th>
            <th scope="col">
              <span className="visually-hidden">{say('window_models.dry_run')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.models.map((model) => (
            <tr key={model.id} className={model.state === 'active' ? 'now' : undefined}>
              <th scope="row">
                {say('window_models.name', { name: model.name, version: model.version })}
                {model.simulated && <span className="muted small"> {say('window_models.simulated')}</span>}
              </th>
              <td>{say(`window_models.states_${model.state}`)}</td>
              <td title={say(instantText(model.created))}>{say(ago(Date.parse(model.created), now))}</td>
              <td>{say(dateText(model.expires, now))}</td>
              <td>{say(`window_models.sources_${model.source}`)}</td>
              <td className="mono" title={model.sha256}>
                {model.sha256.slice(0, 12)}
              </td>
              <td className="num">
                <span className="actions end">
                  {model.state !== 'refused' && (
                    <Button
                      look="plain"
                      off={props.busy}
                      aria-label={say('window_models.dry_run_of', {
                        name: say('window_models.name', { name: model.name, version: model.version }),
                      })}
                      onClick={() => props.onDryRun(model)}
                    >
                      {say('window_models.dry_run')}
                    </Button>
                  )}
                  {model.state === 'installed' && (
                    <Button onClick={() => props.onActivate(model)}>
                      {active !== undefined && model.version < active.version
                        ? say('window_models.roll_back')
                        : say('window_models.activate')}
                    </Button>
                  )}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
