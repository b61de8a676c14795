import type { ReactElement, ReactNode } from 'react';
import type { ModelRow } from '../../../shared/contract/views.ts';
import { Panel } from '../../components/controls.tsx';
import { ago, capital, dateText, instantText, percent } from '../../format.ts';
import { useNow } from '../../services.ts';
import { text } from '../../strings.ts';
import { figureText, figuresTitle, intervalsNote } from './figures.ts';

const words = text.models;

function Row(props: {
  readonly label: string;
  readonly title?: string;
  readonly wide?: boolean;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <div className={props.wide === true ? 'wide' : undefined}>
      <dt>{props.label}</dt>
      <dd title={props.title}>{props.children}</dd>
    </div>
  );
}

function trained(model: ModelRow, now: number): string {
  const { trainedFrom, trainedTo, rows } = model;
  return trainedFrom === null || trainedTo === null
    ? words.trainedRows(rows)
    : words.trainedRange(rows, dateText(trainedFrom, now), dateText(trainedTo, now));
}

function Facts(props: { readonly model: ModelRow }): ReactElement {
  const { model } = props;
  const now = useNow(3_600_000);
  const expired = Date.parse(model.expires) < now;
  const expires = dateText(model.expires, now);
  return (
    <dl className="facts">
      <Row label={words.age} title={instantText(model.created)}>
        {ago(Date.parse(model.created), now)}
      </Row>
      <Row label={words.expires}>{expired ? <span className="near">{words.expired(expires)}</span> : expires}</Row>
      <Row label={words.trainedOn} wide>
        {trained(model, now)}, {model.simulated ? <strong>{words.simulated}</strong> : words.real}
      </Row>
      <Row label={words.trainer}>{model.trainer}</Row>
      <Row label={words.source}>{words.sources[model.source]}</Row>
      {model.activatedAt !== null && (
        <Row label={words.activatedAt} title={instantText(model.activatedAt)}>
          {ago(Date.parse(model.activatedAt), now)}
        </Row>
      )}
      <Row label={words.schema}>{words.schemaVersion(model.schemaVersion)}</Row>
      <Row label={words.thresholds} wide>
        {words.thresholdsText(percent(model.thresholds.notScamBelow), percent(model.thresholds.scamFrom))}
      </Row>
      <div className="wide">
        <dt>{words.hash}</dt>
        <dd className="mono">{model.sha256}</dd>
      </div>
    </dl>
  );
}

function Range(props: { readonly low: number; readonly high: number; readonly value: number }): ReactElement {
  return (
    <svg className="range" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
      <path className="track" d="M0 6H100" />
      <path className="between" d={`M${props.low * 100} 6H${props.high * 100}`} />
      <path className="figure" d={`M${props.value * 100} 0V12`} />
    </svg>
  );
}

/** Figures in the order in which they matter to people; those without a known name come last. */
export function inOrder(figures: ModelRow['figures']): [string, ModelRow['figures'][string]][] {
  const names = Object.keys(words.figureNames);
  const rank = (name: string): number => (names.includes(name) ? names.indexOf(name) : names.length);
  return Object.entries(figures).toSorted(([a], [b]) => rank(a) - rank(b));
}

function Figures(props: { readonly figures: ModelRow['figures']; readonly caption: string }): ReactElement {
  return (
    <table className="table figures">
      <caption className="visually-hidden">{props.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{words.figure}</th>
          <th scope="col" className="num">
            {words.value}
          </th>
          <th scope="col" className="num">
            {words.interval}
          </th>
          <th scope="col" className="num">
            {words.cases}
          </th>
          <th scope="col" className="range-cell">
            {words.range}
          </th>
        </tr>
      </thead>
      <tbody>
        {inOrder(props.figures).map(([name, { value, low, high, n }]) => (
          <tr key={name}>
            <th scope="row">{words.figureNames[name] ?? capital(name.replaceAll('_', ' '))}</th>
            <td className="num">
              <strong>{figureText(name, value)}</strong>
            </td>
            <td className="num">
              {low === undefined || high === undefined
                ? '–'
                : `${figureText(name, low).replace(/ .*$/, '')} to ${figureText(name, high)}`}
            </td>
            <td className="num">{n.toLocaleString('en-GB')}</td>
            <td className="range-cell">
              {low !== undefined && high !== undefined && high <= 1 && <Range low={low} high={high} value={value} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The active model: age, expiry, origin, thresholds, and its figures with intervals and numbers of cases. */
export function ActiveModel(props: { readonly model: ModelRow }): ReactElement {
  const { model } = props;
  return (
    <div className="halves">
      <Panel title={words.name(model.name, model.version)} beside={words.states.active}>
        <div className="inner">
          <Facts model={model} />
        </div>
      </Panel>
      <Panel title={figuresTitle(model)} className="figures-panel">
        <Figures figures={model.figures} caption={figuresTitle(model)} />
        {intervalsNote(model) && <p className="inner muted small">{words.intervalsBy}</p>}
      </Panel>
    </div>
  );
}
