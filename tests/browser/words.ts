import en from '../../shared/language/en.json' with { type: 'json' };
import { createLanguage } from '../../shared/language/language.ts';
import { pseudo } from '../../shared/language/pseudo.ts';

/** What the windows of most tests say. */
export const english = createLanguage(en);

/** What a window says whose browser asks for `en-XA`: longer, accented, in brackets. */
export const pseudoLanguage = createLanguage(en, { accent: pseudo });
