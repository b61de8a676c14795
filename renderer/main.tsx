import './no-eval.ts';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connect } from './client.ts';
import { App } from './features/shell/app.tsx';
import { ServicesContext, type Services } from './services.ts';
import { createDraftStore } from './stores/draft.ts';
import { createLive, followChanges, gathered, pause } from './stores/live.ts';
import { createQueries } from './stores/queries.ts';
import { createView } from './stores/view.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/controls.css';
import './styles/queue.css';
import './styles/case.css';
import './styles/forms.css';
import './styles/overlay.css';
import './styles/monitor.css';
import './styles/print.css';

const { client, files } = connect(window);
const queries = createQueries();
const live = createLive();
const services: Services = {
  client,
  files,
  queries,
  live,
  view: createView(window.localStorage),
  draft: createDraftStore(),
  clock: () => Date.now(),
};

const ending = new AbortController();
window.addEventListener('pagehide', () => ending.abort());
void followChanges({
  live,
  changes: (signal) => client.live.changes({}, { signal }),
  changed: gathered(
    (...topics) => queries.getState().changed(...topics),
    (act) => void setTimeout(act, 80),
  ),
  wait: pause,
  signal: ending.signal,
});

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no place for the interface.');
createRoot(root).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <ServicesContext value={services}>
        <App />
      </ServicesContext>
    </CSPProvider>
  </StrictMode>,
);
