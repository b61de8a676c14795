/** Plain letters, digits and signs: nothing to do, and most cells are such. */
const ordinary = /^[\x21-\x7e]*$/;
/** Signs that are not seen and say nothing. The joiners of Indic and Arabic scripts (U+200C, U+200D) change letters and stay. */
const invisible = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/g;

/**
 * A cell as it is compared: without blanks around it and invisible signs, full-width letters as usual ones, blanks of
 * every kind as one (Unicode NFKC). Two cells that look alike are alike.
 */
export function cellText(raw: string): string {
  if (ordinary.test(raw)) return raw;
  if (/^[\x20-\x7e]*$/.test(raw)) return raw.trim();
  return raw.normalize('NFKC').replace(invisible, '').replace(/\s+/g, ' ').trim();
}
