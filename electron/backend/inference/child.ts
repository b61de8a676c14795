// Program of the inference process, and of the watchdog thread inside it.
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker } from 'node:worker_threads';

if (isMainThread) {
  // Ctrl+C and a closed terminal reach every process of it: who started this one says when it ends, by closing the port.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  const watchdog = new Worker(fileURLToPath(import.meta.url), { stdout: false, stderr: false });
  // Without the thread the supervisor still kills on overrun; only a parent that dies during a run is noticed later.
  watchdog.on('error', (error) => {
    void import('../logging/host-logger.ts').then(({ hostLogger }) => {
      const logger = hostLogger('warn');
      logger.warn({ err: error }, 'the watchdog of the inference process ended');
    });
  });
  watchdog.unref();
  const [{ openPort }, { createSessions }, { serve }] = await Promise.all([
    import('./port.ts'),
    import('./sessions.ts'),
    import('./serve.ts'),
  ]);
  serve(openPort(), createSessions(), (code) => process.exit(code));
} else {
  const { watch } = await import('./watchdog.ts');
  watch();
}
