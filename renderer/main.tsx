import './no-eval.ts';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { QueryClientProvider } from '@tanstack/react-query';
import { connect } from './transport/client.ts';
import { App } from './features/shell/app.tsx';
import { LanguageProvider, windowCatalogues } from './language/language-provider.tsx';
import { v7 } from 'uuid';
import { ServicesContext, type Services } from './hooks/services.ts';
import { createDrafts } from './stores/drafts.ts';
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
const drafts = createDrafts(client, (act, milliseconds) => {
  const timer = setTimeout(act, milliseconds);
  return () => clearTimeout(timer);
});
// Hidden comes before closed, and is the last moment a page can count on.
document.addEventListener('visibilitychange', () => document.hidden && void drafts.flush());
const services: Services = {
  client,
  files,
  queries,
  live,
  view: createView(window.localStorage),
  drafts,
  clock: () => Date.now(),
  newId: () => v7(),
};

// What could not be kept while the backend was away is kept once it is back.
live.subscribe(({ connected }, before) => connected && !before.connected && void drafts.flush());

const ending = new AbortController();
window.addEventListener('pagehide', () => {
  void drafts.flush();
  ending.abort();
});
void followChanges({
  live,
  changes: (signal) => client.live.changes({}, { signal }),
  changed: gathered(queries.changed, (act) => void setTimeout(act, 80)),
  changedCase: queries.changedCase,
  wait: pause,
  signal: ending.signal,
});

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no place for the interface.');
createRoot(root).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queries.client}>
        <ServicesContext value={services}>
          <LanguageProvider catalogues={windowCatalogues()}>
            <App />
          </LanguageProvider>
        </ServicesContext>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
