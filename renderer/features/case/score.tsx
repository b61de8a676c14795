import type { ReactElement } from 'react';
import type { CaseView, ScoreView } from '../../../shared/contract/views.ts';
import { sentence } from '../../../shared/language/sentence.ts';
import { Button, ProblemBox } from '../../components/controls.tsx';
import { Mark, standingOf, VerdictSign, type Standing } from '../../components/verdict.tsx';
import { instantText, scorePercent, scoreText } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { useAction, useReading, useServices } from '../../hooks/services.ts';
import { Why } from './explanation.tsx';
import { RecordedOutcome } from './recorded-outcome.tsx';

function ScoreLine(props: { readonly score: ScoreView; readonly standing: Standing }): ReactElement {
  const { say } = useLanguage();
  const { score, thresholds, verdict } = props.score;
  const low = thresholds.notScamBelow * 100;
  const high = thresholds.scamFrom * 100;
  return (
    <div className="score-line">
      <VerdictSign standing={props.standing} />
      <span className="score-number">{say(scoreText(score))}</span>
      <span className={verdict === 'scam' ? 'bar-cell scam' : 'bar-cell'}>
        <svg
          className="score-bar"
          viewBox="0 0 100 8"
          preserveAspectRatio="none"
          role="img"
          aria-label={say('window_case.score_label', {
            score: scorePercent(score),
            scam: Math.round(high),
            notScam: Math.round(low),
          })}
        >
          <rect className="track" width="100" height="8" rx="1" />
          <rect className="value" width={score * 100} height="8" />
          <path className="threshold" d={`M${low}-2v12M${high}-2v12`} />
        </svg>
      </span>
      <span className="score-scale" aria-hidden="true">
        {low >= 12 && <span>{say('window_case.scale_not_scam')}</span>}
        {high - low >= 10 && <span style={{ left: `${low}%` }}>{say('window_case.scale_unclear')}</span>}
        <span style={high > 92 ? { right: 0 } : { left: `${high}%` }}>{say('window_case.scale_scam')}</span>
      </span>
    </div>
  );
}

function NoScore(props: { readonly view: CaseView }): ReactElement {
  const { say } = useLanguage();
  const { client, queries } = useServices();
  const { row, scoreProblem } = props.view;
  const score = useAction(async () => {
    await client.cases.score({ id: row.id });
    queries.changed('cases');
  });
  return (
    <>
      <div className="score-line">
        <VerdictSign standing="none" long />
      </div>
      <p className="unseen">{scoreProblem !== null && say(scoreProblem)}</p>
      <div className="actions sub">
        <Button off={score.busy} onClick={() => void score.run()}>
          {say('window_case.score_now')}
        </Button>
      </div>
      <ProblemBox problem={score.problem} />
    </>
  );
}

function HiddenScore(): ReactElement {
  const { say } = useLanguage();
  return (
    <>
      <div className="score-line">
        <VerdictSign standing="later" long />
      </div>
      <p className="unseen">{say('window_case.hidden')}</p>
    </>
  );
}

/** The reasons of a shown score; the summary and the bars read the same answer. */
function useWhy(view: CaseView, score: ScoreView | null) {
  const { client } = useServices();
  return useReading(score === null ? null : `explain/${view.row.id}/${score.model.id}`, ['cases', 'models'], () =>
    client.cases.explain({ id: view.row.id }),
  );
}

/** The first score in small and without colour: behind an outcome, and where the model does not know the case. */
function QuietScore(props: { readonly score: ScoreView; readonly standing: Standing }): ReactElement {
  const { say } = useLanguage();
  const { score, verdict, model, modelName, at } = props.score;
  const figures = { score: scorePercent(score), version: model.version };
  return (
    <p className="muted small first-score" title={`${modelName}, ${say(instantText(at))}`}>
      {props.standing === 'outside'
        ? say('window_case.first_score_outside', figures)
        : say('window_case.first_score', { ...figures, verdict: sentence(`window_verdict.short_${verdict}`) })}
    </p>
  );
}

function ShownScore(props: { readonly view: CaseView; readonly score: ScoreView }): ReactElement {
  const { say } = useLanguage();
  const { view, score } = props;
  const why = useWhy(view, score);
  const standing = standingOf(view.row);
  const decided = view.outcome !== null;
  return (
    <>
      {decided ? (
        <QuietScore score={score} standing={standing} />
      ) : standing === 'outside' ? (
        <div className="score-line">
          <VerdictSign standing="outside" long />
        </div>
      ) : (
        <ScoreLine score={score} standing={standing} />
      )}
      {score.outsideSentences.map((unseen) => (
        <p key={JSON.stringify(unseen)} className={decided ? 'unseen muted small' : 'unseen'}>
          <Mark standing="outside" />
          <span>{say(unseen)}</span>
        </p>
      ))}
      {!decided && standing === 'outside' && <QuietScore score={score} standing={standing} />}
      {why.problem === null && (
        <p className={decided ? 'mostly muted small' : 'mostly'} aria-busy={why.loading}>
          {why.data !== undefined && say(why.data.sentence)}
        </p>
      )}
    </>
  );
}

/** What stands in the place of the score: the score, why there is none, or that it comes after the outcome. */
function ScoreOf(props: { readonly view: CaseView }): ReactElement {
  const { say } = useLanguage();
  const { view } = props;
  const { firstScore, scoreProblem } = view;
  if (standingOf(view.row) === 'later') return <HiddenScore />;
  if (firstScore !== null) return <ShownScore view={view} score={firstScore} />;
  // A past case is not without a score for now: it never gets one.
  if (scoreProblem?.code === 'cases.historical') return <p className="muted">{say(scoreProblem)}</p>;
  return <NoScore view={view} />;
}

/**
 * What is found out, or else thought, of a case: a recorded outcome leads and the first score steps back behind it; before,
 * the score with its first reasons in words, and what the model cannot see.
 */
export function ScoreSection(props: { readonly view: CaseView }): ReactElement {
  const { say } = useLanguage();
  const { view } = props;
  return (
    <section className="section" aria-labelledby="case-score">
      <h3 id="case-score" className="visually-hidden">
        {say('window_case.score')}
      </h3>
      {view.outcome !== null && <RecordedOutcome outcome={view.outcome} timeline={view.timeline} />}
      <ScoreOf view={view} />
    </section>
  );
}

/** True for the only case whose bars are red: the model calls it a scam, and nobody found out otherwise. */
function isRed({ row, outcome }: CaseView): boolean {
  return standingOf(row) === 'scam' && (outcome === null || outcome.outcome === 'confirmed_scam');
}

/** Why the score is what it is: the bars from a typical case to it. Nothing where no score is shown. */
export function WhySection(props: { readonly view: CaseView }): ReactElement | null {
  const { say } = useLanguage();
  const { client, queries } = useServices();
  const { view } = props;
  const score = standingOf(view.row) === 'later' ? null : view.firstScore;
  const why = useWhy(view, score);
  const again = useAction(async () => {
    try {
      await client.cases.explain({ id: view.row.id, again: true });
    } finally {
      queries.changed('cases');
    }
  });
  if (score === null) return null;
  return (
    <section className="section" aria-labelledby="case-why">
      <header>
        <h3 id="case-why">{say('window_case.why')}</h3>
        <span className="push muted small" title={`${score.modelName}, ${say(instantText(score.at))}`}>
          {say('window_case.model', { version: score.model.version })}
        </span>
      </header>
      <div className="why-box" aria-busy={why.loading} inert={why.stale}>
        {why.data !== undefined && <Why explanation={why.data} thresholds={score.thresholds} red={isRed(view)} />}
        <ProblemBox problem={why.problem}>
          {why.problem?.code === 'MODEL_FAILED' ? (
            <Button off={again.busy} onClick={() => void again.run()}>
              {say('window_frame.try_again')}
            </Button>
          ) : undefined}
        </ProblemBox>
      </div>
    </section>
  );
}
