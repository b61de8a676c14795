export {
  calibrationKinds,
  chooseCalibrator,
  type CalibrationKind,
  type CalibrationTask,
  type ChosenCalibration,
} from './calibration-selection.ts';
export { fitIsotonic } from './isotonic.ts';
export { fitPlatt } from './platt.ts';
export { receivedRate, reweighted, shifted, shiftedProbability, shiftMargin } from './prior-shift.ts';
export type { CalibrationSample } from './calibration-sample.ts';
