import type { ReactElement, ReactNode } from 'react';
import type { ModelRow } from '../../../shared/contract/views.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';
import { Panel } from '../../components/controls.tsx';
import { ago, dateText, instantText, percent } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { useNow } from '../../hooks/services.ts';
import { figureInterval, figureName, figureNames, figureText, figuresTitle, intervalsNote } from './figures.ts';
import { goodnessText, leadText } from './model-summary.ts';
import { methodText } from '../../../shared/encoding/method-text.ts';

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

function trained(model: ModelRow, now: number): Sentence {
  const { trainedFrom, trainedTo, rows } = model;
  return trainedFrom === null || trainedTo === null
    ? sentence('window_models.trained_rows', { rows })
    : sentence('window_models.trained_range', { rows, from: dateText(trainedFrom, now), to: dateText(trainedTo, now) });
}

function Facts(props: { readonly model: ModelRow }): ReactElement {
  const { say } = useLanguage();
  const { model } = props;
  const now = useNow(3_600_000);
  const expired = Date.parse(model.expires) < now;
  const expires = say(dateText(model.expires, now));
  return (
    <dl className="facts">
      <Row label={say('window_models.age')} title={say(instantText(model.created))}>
        {say(ago(Date.parse(model.created), now))}
      </Row>
      <Row label={say('window_models.expires')}>
        {expired ? <span className="near">{say('window_models.expired', { date: expires })}</span> : expires}
      </Row>
      <Row label={say('window_models.trained_on')} wide>
        {say(trained(model, now))},{' '}
        {model.simulated ? <strong>{say('window_models.simulated')}</strong> : say('window_models.real')}
      </Row>
      <Row label={say('window_models.trainer')} title={model.trainer}>
        {say(methodText(model.trainer))}
      </Row>
      <Row label={say('window_models.source')}>{say(`window_models.sources_${model.source}`)}</Row>
      {model.activatedAt !== null && (
        <Row label={say('window_models.activated_at')} title={say(instantText(model.activatedAt))}>
          {say(ago(Date.parse(model.activatedAt), now))}
        </Row>
      )}
      <Row label={say('window_models.schema')}>
        {say('window_models.schema_version', { version: model.schemaVersion })}
      </Row>
      <Row label={say('window_models.thresholds')} wide>
        {say('window_models.thresholds_text', {
          notScam: percent(model.thresholds.notScamBelow),
          scam: percent(model.thresholds.scamFrom),
        })}
      </Row>
      <div className="wide">
        <dt>{say('window_models.hash')}</dt>
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
function inOrder(figures: ModelRow['figures']): [string, ModelRow['figures'][string]][] {
  const names: readonly string[] = figureNames;
  const rank = (name: string): number => (names.includes(name) ? names.indexOf(name) : names.length);
  return Object.entries(figures).toSorted(([a], [b]) => rank(a) - rank(b));
}

function Figures(props: { readonly figures: ModelRow['figures']; readonly caption: string }): ReactElement {
  const { say } = useLanguage();
  return (
    <table className="table figures">
      <caption className="visually-hidden">{props.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{say('window_models.figure')}</th>
          <th scope="col" className="num">
            {say('window_models.value')}
          </th>
          <th scope="col" className="num">
            {say('window_models.interval')}
          </th>
          <th scope="col" className="num">
            {say('window_models.cases')}
          </th>
          <th scope="col" className="range-cell">
            {say('window_models.range')}
          </th>
        </tr>
      </thead>
      <tbody>
        {inOrder(props.figures).map(([name, { value, low, high, n }]) => (
          <tr key={name}>
            <th scope="row">{say(figureName(name))}</th>
            <td className="num">
              <strong>{say(figureText(name, value))}</strong>
            </td>
            <td className="num">
              {low === undefined || high === undefined ? '–' : say(figureInterval(name, low, high))}
            </td>
            <td className="num">{say('window_format.number', { value: n })}</td>
            <td className="range-cell">
              {low !== undefined && high !== undefined && high <= 1 && <Range low={low} high={high} value={value} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One sentence of which model scores, since when and how good it is. */
export function LeadSection(props: { readonly model: ModelRow }): ReactElement {
  const { say } = useLanguage();
  const { model } = props;
  const now = useNow(3_600_000);
  const expired = Date.parse(model.expires) < now;
  return (
    <section className={expired ? 'finding watch' : 'finding'} aria-label={say('window_models.lead')}>
      <p className="say">
        <b>{say(leadText(model, now))}</b> {say(goodnessText(model))}
        {model.simulated && <> {say('window_models.lead_simulated')}</>}
        {expired && <> {say('window_models.lead_expired', { date: dateText(model.expires, now) })}</>}
      </p>
    </section>
  );
}

/** The active model: age, expiry, origin, thresholds, and its figures with intervals and numbers of cases. */
export function ActiveModel(props: { readonly model: ModelRow }): ReactElement {
  const { say } = useLanguage();
  const { model } = props;
  return (
    <div className="halves">
      <Panel
        title={say('window_models.name', { name: model.name, version: model.version })}
        beside={say('window_models.states_active')}
      >
        <div className="inner">
          <Facts model={model} />
        </div>
      </Panel>
      <Panel title={say(figuresTitle(model))} className="figures-panel">
        <Figures figures={model.figures} caption={say(figuresTitle(model))} />
        {intervalsNote(model) && <p className="inner muted small">{say('window_models.intervals_by')}</p>}
      </Panel>
    </div>
  );
}
