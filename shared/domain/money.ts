import { z } from 'zod';

/** Most minor units that are kept. */
export const mostMinorUnits = 1_000_000_000_000;

/** Integer minor units (paise, cents) of an ISO 4217 currency. */
export const moneySchema = z.strictObject({
  amount: z.int().min(0).max(mostMinorUnits),
  currency: z.string().regex(/^[A-Z]{3}$/),
});
export type Money = z.infer<typeof moneySchema>;
