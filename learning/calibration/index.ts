export {
  calibrationKinds,
  chooseCalibrator,
  fewestGroups,
  type CalibrationKind,
  type CalibrationTask,
  type ChosenCalibration,
} from './choose.ts';
export { fitIsotonic } from './isotonic.ts';
export { fitPlatt } from './platt.ts';
export { receivedRate, reweighted, shifted, shiftedProbability, shiftMargin, type Rate } from './prior.ts';
export type { CalibrationSample } from './sample.ts';
