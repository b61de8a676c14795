import { useCallback, useSyncExternalStore } from 'react';

/** True while the window is narrower than the given CSS pixels. */
export function useNarrow(pixels: number): boolean {
  const query = `(width < ${pixels}px)`;
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}
