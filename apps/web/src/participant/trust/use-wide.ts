import { useSyncExternalStore } from 'react';

/** From where on the page has two columns: `lg`. */
const wide = matchMedia('(min-width: 64rem)');

/** Whether there is room to show at once what a small screen folds. */
export function useWide(): boolean {
  return useSyncExternalStore(
    (onChange) => {
      wide.addEventListener('change', onChange);
      return () => wide.removeEventListener('change', onChange);
    },
    () => wide.matches,
  );
}
