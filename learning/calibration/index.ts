export {
  calibrationKinds,
  chooseCalibrator,
  type CalibrationKind,
  type ChosenCalibration,
} from './calibration-selection.ts';
export { receivedRate, reweighted, shifted, shiftedProbability, shiftMargin } from './prior-shift.ts';
