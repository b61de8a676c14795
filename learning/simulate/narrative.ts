import type { Answers } from './facts.ts';
import type { AnswerModel } from './latent.ts';
import { storedName } from '../../shared/language/stored-name.ts';

/** Who or what told the story, by channel: when the resident did not place the call, and when the resident did. */
const tellers: Readonly<Record<string, readonly [unasked: string, called: string]>> = {
  phone: [storedName`A caller said`, storedName`The resident called and was told`],
  popup: [
    storedName`A window on the screen said`,
    storedName`The resident called the number in a window on the screen, which said`,
  ],
  email: [storedName`An e-mail said`, storedName`The resident called the number in an e-mail, which said`],
  text: [storedName`A text message said`, storedName`The resident called the number in a text message, which said`],
  visit: [storedName`Somebody at the door said`, storedName`Somebody the resident had called came and said`],
};

const stories: Readonly<Record<string, string>> = {
  virus: storedName`the computer was infected`,
  licence: storedName`a licence had run out`,
  refund: storedName`a refund was due`,
  subscription: storedName`a subscription had to be renewed`,
  repair: storedName`the computer needed a repair`,
  other: storedName`something was wrong with the computer`,
};

/** What was done, in the order in which it is told; only what was answered with yes. */
const deeds: Readonly<Record<string, string>> = {
  screen_locked: storedName`the screen was locked or showed a warning`,
  asked_remote_access: storedName`remote access was asked for`,
  opened_bank_website: storedName`the bank website was opened`,
  gift_cards_asked: storedName`gift cards were asked for`,
  told_to_keep_secret: storedName`secrecy was asked for`,
};

/** What no question asks, by kind of contact. */
const besides: Readonly<Record<string, string>> = {
  upi: storedName`A payment request came to the telephone.`,
  service: storedName`The work did not help and the firm does not answer any more.`,
  support: storedName`Support took long and the fault came back.`,
};

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : storedName`${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** What was chosen of a list; every case has an answer to the questions asked for here. */
function chosen(all: Answers, question: string): string {
  const value = all[question];
  return typeof value === 'string' ? value : '';
}

/** How it ended, by class of contact and by what was answered on money and papers. */
function ending(went: string, { money_paid: paid, has_contract: papers }: Answers): string {
  const bill = paid === true ? storedName`The bill was paid.` : storedName`Nothing was paid.`;
  switch (went) {
    case 'broke_off':
      return storedName`The resident broke it off ${paid === true ? 'after' : 'before'} paying.`;
    case 'went_along':
      return paid === true
        ? storedName`The resident went along for a while and paid.`
        : storedName`The resident went along for a while but paid nothing.`;
    case 'gave_in':
      return paid === true
        ? storedName`The resident did all that was asked and paid.`
        : storedName`The resident gave in but paid nothing.`;
    case 'handyman':
      return storedName`Somebody came ${papers === true ? 'with' : 'without'} papers. ${bill}`;
    case 'hotline':
      return storedName`It went through a hotline. ${bill}`;
    default:
      return storedName`There was an appointment. ${bill}`;
  }
}

/**
 * What is told in free words: composed of the answers as they happened, so that no fact contradicts it, named as
 * simulated, and never read by a model. Draws nothing at random. It is a text of the case, as an office that works in
 * English would have it, and the same whatever language the program speaks.
 */
export function narrativeOf(model: AnswerModel, all: Answers, place: string, further: boolean): string {
  const called = all['resident_placed_call'] === true ? 1 : 0;
  const done = Object.keys(deeds).filter((question) => all[question] === true);
  return [
    storedName`${tellers[chosen(all, 'contact_channel')]![called]} that ${stories[chosen(all, 'story_told')]!}.`,
    ...(done.length > 0 ? [`${capital(listed(done.map((question) => deeds[question]!)))}.`] : []),
    ...(besides[model.mode] === undefined ? [] : [besides[model.mode]!]),
    ending(model.name, all),
    ...(further ? [storedName`Somebody else complained of the same event.`] : []),
    storedName`Reported from ${place}. Simulated case.`,
  ].join(' ');
}
