import { z } from 'zod';

/**
 * What is said to people, as data: the code of a message of the catalogues (`area.thing`) and what goes into it. The
 * code is a plain text, since stored and sent sentences may come from another version of the program.
 */
export interface Sentence {
  readonly code: string;
  readonly args: Readonly<Record<string, Argument>>;
}

/** Several things said one after the other, joined as the language joins them. */
export interface Several {
  readonly joined: 'comma' | 'and' | 'or' | 'sentences' | 'clauses' | 'lines';
  readonly items: readonly Text[];
}

/** An amount of money: integer minor units of an ISO 4217 currency. */
export interface MoneyText {
  readonly amount: number;
  readonly currency: string;
}

/**
 * Words given in several languages (by BCP 47 name): in the one the reader wants most, else in English, else in the first.
 * `ours` is what the catalogues call it themselves, in the languages they have.
 */
export interface Translated {
  readonly translations: Readonly<Record<string, string>>;
  readonly ours?: Sentence | undefined;
}

/** What may stand where a message has a plain `{name}`: a name or other data as it is, or something to be said itself. */
export type Text = string | Sentence | Several | MoneyText | Translated;

/** What may be handed to a message: texts, numbers, answers to a choice, and dates (ISO 8601) as texts. */
export type Argument = Text | number | boolean;

const severalSchema: z.ZodType<Several> = z.lazy(() =>
  z.strictObject({
    joined: z.enum(['comma', 'and', 'or', 'sentences', 'clauses', 'lines']),
    items: z.array(textSchema),
  }),
);
const moneySchema: z.ZodType<MoneyText> = z.strictObject({ amount: z.int(), currency: z.string() });

/** Reads a sentence that comes from a file, a database or another program. Unknown codes are fine: they can be shown. */
export const sentenceSchema: z.ZodType<Sentence> = z.lazy(() =>
  z.strictObject({ code: z.string().max(200), args: z.record(z.string(), argumentSchema) }),
);
const translatedSchema: z.ZodType<Translated> = z.strictObject({
  translations: z.record(z.string().max(35), z.string()),
  ours: sentenceSchema.optional(),
});
/** Reads words of which some may be said in the reader's language: plain texts are shown as they are. */
export const textSchema: z.ZodType<Text> = z.union([
  z.string(),
  sentenceSchema,
  severalSchema,
  moneySchema,
  translatedSchema,
]);
const argumentSchema: z.ZodType<Argument> = z.union([textSchema, z.number(), z.boolean()]);
