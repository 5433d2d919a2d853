import { useRef } from 'react';

/** Why there is no data, also while it is being asked for once more: a page that flickers between waiting and failing says neither. */
export function useLastingError({
  data,
  error,
}: {
  readonly data: unknown;
  readonly error: Error | null;
}): Error | null {
  const last = useRef<Error | null>(null);
  if (data !== undefined) last.current = null;
  else if (error) last.current = error;
  return last.current;
}
