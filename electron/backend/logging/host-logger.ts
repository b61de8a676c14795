import { pino, type Logger } from 'pino';

/** A log of a host process on standard error, one JSON object per line; `level` as pino names them. */
export function hostLogger(level: string): Logger {
  const known = Object.hasOwn(pino.levels.values, level) || level === 'silent';
  return pino({ level: known ? level : 'warn', base: null }, pino.destination({ dest: 2, sync: true }));
}
