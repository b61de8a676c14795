import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { ServeOptions } from './http/options.ts';
import { buildRegistry } from './app.ts';
import { isOutpostError, messageOf, OutpostError } from '../shared/errors/index.ts';
import { reconcile } from './releases/approve.ts';
import { offlineExpiry } from './releases/renew.ts';
import { resignIfDue } from './releases/resign.ts';
import { sentence } from '../shared/language/sentence.ts';

const HOUR_MS = 3_600_000;

const WARN_DAYS = 60;

/** Nobody but the offline keys can renew root and list of releases: their holders need time to meet. */
async function warnEarly({ context }: ServeOptions, logger: Logger): Promise<void> {
  const expires = await offlineExpiry(context);
  if (Date.parse(expires) - context.clock.now() > WARN_DAYS * 24 * HOUR_MS) return;
  logger.warn(
    { expires },
    'root or list of releases expire soon: run "registry renew prepare" and have two admins sign it',
  );
}

function keepSigned(options: ServeOptions, logger: Logger): { stop(): void } {
  const { context, every } = options;
  const look = async (): Promise<void> => {
    try {
      await warnEarly(options, logger);
      const { signed, expires } = await resignIfDue(context);
      if (signed) logger.info({ expires }, 'release information signed again');
    } catch (error) {
      const reason = messageOf(error);
      logger.error({ reason }, 'release information could not be signed again; the next try is in an hour');
    }
  };
  return every(HOUR_MS, () => void look());
}

/** Runs a retraining cycle now and every day; one that is still running is not joined by a second. */
function runDaily({ context, every, cycle }: ServeOptions, logger: Logger): { stop(): Promise<void> } {
  if (cycle === undefined) return { stop: async () => undefined };
  let running: Promise<void> | null = null;
  const take = (): void => {
    running ??= cycle(context)
      .then(
        (sentences) => logger.info({ sentences }, 'daily retraining cycle'),
        (error: unknown) =>
          logger.error({ reason: messageOf(error) }, 'the daily retraining cycle failed; the next is tomorrow'),
      )
      .finally(() => (running = null));
  };
  take();
  const timer = every(24 * HOUR_MS, take);
  return {
    stop: async () => {
      timer.stop();
      await running;
    },
  };
}

async function listen(app: FastifyInstance, { host, port }: ServeOptions): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    throw new OutpostError('BAD_INPUT', sentence('registry.port_unusable', { port, host }), { cause });
  }
}

/** What laptops send is taken in whatever the clock says: only signing waits until somebody has set it right. */
async function signOrSay({ context, logger }: ServeOptions): Promise<void> {
  try {
    await resignIfDue(context);
  } catch (error) {
    if (!isOutpostError(error, 'BAD_CLOCK')) throw error;
    logger.error({ reason: messageOf(error) }, 'release information is not signed');
  }
}

/** Listens. Finishes approvals a crash interrupted and keeps the online release information signed. */
export async function serve(options: ServeOptions): Promise<{ url: string; close: () => Promise<void> }> {
  await reconcile(options.context);
  await signOrSay(options);
  const app = buildRegistry(options);
  const url = await listen(app, options);
  await warnEarly(options, options.logger);
  const timer = keepSigned(options, options.logger);
  const cycles = runDaily(options, options.logger);
  return {
    url,
    close: async () => {
      timer.stop();
      await cycles.stop();
      await app.close();
    },
  };
}
