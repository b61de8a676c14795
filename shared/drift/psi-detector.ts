import { attributeDetector } from './attributes.ts';
import { gTest } from './g-test.ts';
import { psi } from './psi.ts';

/** Attributes whose binned answers differ from the reference by a G-test, and by a PSI that is not small by custom. */
export const psiDetector = attributeDetector({
  name: 'psi',
  effectFrom: 0.1,
  compare: (_attribute, before, now) => ({ p: gTest(before, now).p, effect: psi(before, now) }),
});
