import type { AttributeValue } from '../../shared/domain/facts.ts';

/** Chance that an answer is not known, before the office, the investigator and the day. Invented. */
export const openShare: Readonly<Record<string, number>> = {
  asked_remote_access: 0.04,
  opened_bank_website: 0.05,
  resident_placed_call: 0.06,
  screen_locked: 0.08,
  gift_cards_asked: 0.05,
  has_contract: 0.1,
  told_to_keep_secret: 0.13,
  contact_channel: 0.03,
  location_of_call: 0.16,
  story_told: 0.06,
  knew_personal_details: 0.2,
  claimed_known_company: 0.1,
  provider_listed: 0.2,
  contact_minutes: 0.2,
  times_called: 0.14,
  money_asked: 0.18,
  money_paid: 0.06,
  days_until_report: 0.05,
};

/**
 * Answers that are not missing at random, as factors by yes and no: who paid is less willing to say how much was asked,
 * and who was told to keep it secret sometimes does. Invented.
 */
export const unwilling = {
  money_asked: { by: 'money_paid', yes: 1.5, no: 0.4 },
  told_to_keep_secret: { by: 'told_to_keep_secret', yes: 1.4, no: 0.85 },
} as const;

/** Mondays are busy and more is left open; from Sunday to Saturday. Invented. */
const byWeekday = [0.9, 1.12, 1.03, 1, 1, 1, 0.92] as const;
/** Offices leave more or less open, from the first to the last by this factor. Invented. */
const byOffice = { first: 0.7, last: 1.3 } as const;

/** How much an intake leaves open, as a factor: by office (-1 first to 1 last), the investigator's habit and the day. */
export function openFactor(office: number, habit: number, weekday: number): number {
  const { first, last } = byOffice;
  return (first + ((last - first) * (office + 1)) / 2) * habit * byWeekday[weekday]!;
}

/**
 * Chance that a question stays open. `telling` is the answer that decides whether people are willing to say it: the
 * one named in `unwilling`, and of no importance for other questions.
 */
export function openChance(question: string, factor: number, telling: AttributeValue | undefined): number {
  const rule = unwilling[question as keyof typeof unwilling] as { yes: number; no: number } | undefined;
  const willing = rule === undefined ? 1 : telling === true ? rule.yes : rule.no;
  return Math.min(0.95, (openShare[question] ?? 0) * factor * willing);
}
