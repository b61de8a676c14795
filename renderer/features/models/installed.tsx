import type { ReactElement } from 'react';
import type { ModelRow } from '../../../shared/contract/views.ts';
import { Button, Panel } from '../../components/controls.tsx';
import { ago, dateText, instantText } from '../../format.ts';
import { useNow } from '../../services.ts';
import { text } from '../../strings.ts';

const words = text.models;

/** Every model kept on this laptop, with what may be done with it. */
export function InstalledTable(props: {
  readonly models: readonly ModelRow[];
  readonly active: ModelRow | undefined;
  readonly busy: boolean;
  readonly onDryRun: (model: ModelRow) => void;
  readonly onActivate: (model: ModelRow) => void;
}): ReactElement {
  const now = useNow(3_600_000);
  const { active } = props;
  return (
    <Panel title={words.installed}>
      <table className="table">
        <caption className="visually-hidden">{words.installed}</caption>
        <thead>
          <tr>
            <th scope="col">{words.model}</th>
            <th scope="col">{words.state}</th>
            <th scope="col">{words.made}</th>
            <th scope="col">{words.expires}</th>
            <th scope="col">{words.source}</th>
            <th scope="col">{words.hash}</th>
            <th scope="col">
              <span className="visually-hidden">{words.dryRun}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.models.map((model) => (
            <tr key={model.id} className={model.state === 'active' ? 'now' : undefined}>
              <th scope="row">
                {words.name(model.name, model.version)}
                {model.simulated && <span className="muted small"> {words.simulated}</span>}
              </th>
              <td>{words.states[model.state]}</td>
              <td title={instantText(model.created)}>{ago(Date.parse(model.created), now)}</td>
              <td>{dateText(model.expires, now)}</td>
              <td>{words.sources[model.source]}</td>
              <td className="mono" title={model.sha256}>
                {model.sha256.slice(0, 12)}
              </td>
              <td className="num">
                <span className="actions end">
                  {model.state !== 'refused' && (
                    <Button
                      look="plain"
                      off={props.busy}
                      aria-label={words.dryRunOf(words.name(model.name, model.version))}
                      onClick={() => props.onDryRun(model)}
                    >
                      {words.dryRun}
                    </Button>
                  )}
                  {model.state === 'installed' && (
                    <Button onClick={() => props.onActivate(model)}>
                      {active !== undefined && model.version < active.version ? words.rollBack : words.activate}
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
