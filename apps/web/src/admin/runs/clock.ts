import { useEffect, useRef, useState } from 'react';

const TICK_MS = 1000;

/** The coordinator's time, told as of the moment it was last heard: whatever this machine's clock says, and is set to meanwhile. */
export function useCoordinatorClock(heard: number): number {
  const [, setTick] = useState(0);
  const last = useRef({ heard, at: performance.now() });
  if (last.current.heard !== heard) last.current = { heard, at: performance.now() };
  useEffect(() => {
    const ticking = setInterval(() => setTick((tick) => tick + 1), TICK_MS);
    return () => clearInterval(ticking);
  }, []);
  return last.current.heard + performance.now() - last.current.at;
}
