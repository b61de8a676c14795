import type { ColumnValue } from '../../shared/encoding/encode.ts';

const most = 50_000;

/** JSON of values, which repeat themselves; made once for each as long as they are not too many. */
export function jsonTexts(): (value: ColumnValue) => string {
  const known = new Map<ColumnValue, string>();
  return (value) => {
    const found = known.get(value);
    if (found !== undefined) return found;
    if (known.size >= most) known.clear();
    const text = JSON.stringify(value);
    known.set(value, text);
    return text;
  };
}
