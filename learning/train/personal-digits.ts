import { withoutPersonalDigits } from '../../shared/domain/personal-numbers.ts';
import { shared, type Column, type Frame } from '../dataset/frame.ts';

/** The column with every number as it may stand in a model; the column itself where all of them are so already. */
function plainColumn(column: Column): Column {
  if (column.kind === 'category') return column;
  const { attribute, values } = column;
  if (attribute.kind === 'boolean' || attribute.kind === 'tactic') return column;
  const plain = shared(Float32Array, 4, values.length);
  let changed = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    plain[i] = withoutPersonalDigits(value);
    changed ||= plain[i] !== value && value === value;
  }
  return changed ? { ...column, values: plain } : column;
}

/**
 * A frame to fit models to: no number of it has somebody's digits, so that nothing that follows from it (medians, means,
 * thresholds, weights) can give them away.
 */
export function withoutPersonalNumbers(frame: Frame): Frame {
  return { ...frame, columns: frame.columns.map(plainColumn) };
}
