/** Digits in words, as people dictate numbers, in languages that our users speak; tens and teens as in "fifty five". */
const spelled =
  'zero|oh|nought|null|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|' +
  'seventeen|eighteen|nineteen|twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety|double|triple|' +
  'शून्य|सिफर|एक|दो|तीन|चार|पांच|पाँच|छह|छः|छे|सात|आठ|नौ|डबल|ट्रिपल|' +
  'shunya|sifar|ek|do|teen|tin|char|chaar|panch|paanch|chhe|chhah|chha|che|saat|sat|aath|ath|nau|no|' +
  'শূন্য|এক|দুই|তিন|চার|পাঁচ|ছয়|সাত|আট|নয়|பூஜ்ஜியம்|ஒன்று|இரண்டு|மூன்று|நான்கு|ஐந்து|ஆறு|ஏழு|எட்டு|ஒன்பது|' +
  'సున్నా|ఒకటి|రెండు|మూడు|నాలుగు|ఐదు|ఆరు|ఏడు|ఎనిమిది|తొమ్మిది|' +
  'صفر|ایک|دو|تین|چار|پانچ|چھ|سات|آٹھ|نو|واحد|اثنان|ثلاثة|أربعة|خمسة|ستة|سبعة|ثمانية|تسعة|' +
  'cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|zéro|un|une|deux|trois|quatre|cinq|sept|huit|neuf|dix|vingt|trente|' +
  'quarante|cinquante|soixante|null|eins|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun|um|dois|duas|quatro|sete|oito|nove';

/** Words as they are compared: without capitals, accents as signs of their own. */
const words: ReadonlySet<string> = new Set(spelled.normalize('NFKC').toLowerCase().split('|'));
/** One English word after the other, written together. */
const joined = /^(?:zero|one|two|three|four|five|six|seven|eight|nine)+$/;
const eachJoined = /zero|one|two|three|four|five|six|seven|eight|nine/g;
/** Fewer words than this among digits are no dictated number: "one of 100000". */
const fewestWords = 3;

function wordsIn(token: string): number {
  if (words.has(token)) return 1;
  return joined.test(token) ? token.match(eachJoined)!.length : 0;
}

/** True for a text in which digits, three of them or more in words, follow each other: "nine eight one zero five five 12". */
export function hasSpelledNumber(text: string, fewest: number): boolean {
  let [run, inWords] = [0, 0];
  for (const [token] of text.toLowerCase().matchAll(/[\p{L}\p{M}]+|\p{N}+/gu)) {
    const isNumber = /^\p{N}/u.test(token);
    const n = isNumber ? token.length : wordsIn(token);
    [run, inWords] = n === 0 ? [0, 0] : [run + n, inWords + (isNumber ? 0 : n)];
    if (run >= fewest && inWords >= fewestWords) return true;
  }
  return false;
}
