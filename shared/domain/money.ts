import { z } from 'zod';

/** Integer minor units (paise, cents) of an ISO 4217 currency. */
export const moneySchema = z.strictObject({
  amount: z.int().min(0).max(1_000_000_000_000),
  currency: z.string().regex(/^[A-Z]{3}$/),
});
export type Money = z.infer<typeof moneySchema>;
