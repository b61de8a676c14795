import { z } from 'zod';
import { errorTable, type ErrorCode } from '../errors/index.ts';

type ErrorMap = { [K in ErrorCode]: { status: number; message: string; data: z.ZodRecord<z.ZodString, z.ZodUnknown> } };

/** The error table in the form a contract declares: every procedure may answer with any of these codes. */
export const contractErrors = Object.fromEntries(
  Object.entries(errorTable).map(([code, entry]) => [
    code,
    { status: entry.status, message: entry.says, data: z.record(z.string(), z.unknown()) },
  ]),
) as ErrorMap;
