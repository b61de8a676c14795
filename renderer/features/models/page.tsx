import { useRef, useState, type ReactElement } from 'react';
import type { DryRun, ModelRow } from '../../../shared/contract/views.ts';
import { Button, Page, ProblemBox } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { Confirm } from '../../components/overlay.tsx';
import { useLanguage } from '../../language/language.ts';
import { useAction, useReading, useServices } from '../../hooks/services.ts';
import { ActiveModel, LeadSection } from './active.tsx';
import { DryRunPanel, type DryRunState } from './dry-run.tsx';
import { ImportSheet } from './import-sheet.tsx';
import { JobsPanel } from './jobs.tsx';
import { InstalledTable } from './installed.tsx';

/** One dry run at a time; cancelling leaves everything as it was. */
function useDryRun() {
  const { client, clock } = useServices();
  const [state, setState] = useState<DryRunState | null>(null);
  const cancel = useRef<AbortController | null>(null);
  const run = useAction(async (model: ModelRow) => {
    const controller = new AbortController();
    cancel.current = controller;
    const started = clock();
    setState({ model, started, phase: 'running' });
    try {
      const result: DryRun = await client.models.dryRun({ id: model.id }, { signal: controller.signal });
      if (!controller.signal.aborted)
        setState({ model, started, phase: 'done', result, seconds: (clock() - started) / 1000 });
    } catch (error) {
      setState(controller.signal.aborted ? { model, started, phase: 'cancelled' } : null);
      if (!controller.signal.aborted) throw error;
    }
  });
  const stop = (): void => {
    cancel.current?.abort();
    setState((before) =>
      before === null ? null : { model: before.model, started: before.started, phase: 'cancelled' },
    );
  };
  return { state, run, stop };
}

/** The models of this laptop: which is active and how good it is, what else is here, and what it would change. */
export function ModelsPage(): ReactElement {
  const { say } = useLanguage();
  const { client, queries } = useServices();
  const models = useReading('models', ['models'], () => client.models.list({}));
  const jobs = useReading('jobs', ['cases', 'models'], () => client.jobs.list({}));
  const dryRun = useDryRun();
  const [importing, setImporting] = useState(false);
  const [switching, setSwitching] = useState<ModelRow | null>(null);
  const activate = useAction(async (model: ModelRow) => {
    await client.models.activate({ id: model.id });
    setSwitching(null);
    queries.changed('models', 'status');
  });
  const rows = models.data ?? [];
  const active = rows.find((row) => row.state === 'active');
  return (
    <Page
      title={say('window_models.title')}
      end={
        <Button onClick={() => setImporting(true)}>
          <Icon name="import" />
          {say('window_models.import_file')}
        </Button>
      }
    >
      {active !== undefined && <LeadSection model={active} />}
      <div className="page-body stack">
        <ProblemBox problem={models.problem ?? dryRun.run.problem} />
        {active !== undefined && <ActiveModel model={active} />}
        {models.data !== undefined && active === undefined && (
          <div className="empty">
            <h2>{say('window_models.none')}</h2>
            <p>{say('window_models.none_more')}</p>
          </div>
        )}
        {rows.length > 0 && (
          <InstalledTable
            models={rows}
            active={active}
            busy={dryRun.run.busy}
            onDryRun={(model) => void dryRun.run.run(model)}
            onActivate={setSwitching}
          />
        )}
        <JobsPanel jobs={jobs.data ?? []} />
        {dryRun.state !== null && <DryRunPanel state={dryRun.state} onCancel={dryRun.stop} />}
      </div>
      <ImportSheet
        open={importing}
        onClose={() => setImporting(false)}
        onDryRun={(model) => void dryRun.run.run(model)}
      />
      <Confirm
        open={switching !== null}
        onClose={() => setSwitching(null)}
        title={say('window_models.activate_title', {
          name:
            switching === null ? '' : say('window_models.name', { name: switching.name, version: switching.version }),
        })}
        yes={say('window_models.activate')}
        onYes={() => switching !== null && void activate.run(switching)}
      >
        {switching !== null && switching.formFit.unread > 0 && (
          <p>
            <strong>{say('window_models.activate_unread', switching.formFit)}</strong>
          </p>
        )}
        <p>{say('window_models.activate_more')}</p>
        <ProblemBox problem={activate.problem} />
      </Confirm>
    </Page>
  );
}
