import { DEVICE_LOCK } from '../../session/device-lock.ts';

const DUTY_LOCK = 'sotto/duty/';

/** What the tabs of this browser are in the middle of, this one included. */
export interface BusyTabs {
  readonly takePart: boolean;
  /** Latest end of a committee duty; null: none has one. */
  readonly dutyUntil: number | null;
}

/** Lets other tabs know of this one's committee duty, for as long as it lasts or the tab does. @returns a function that lets go */
export function holdDuty(until: number): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  void navigator.locks.request(`${DUTY_LOCK}${until}`, { mode: 'shared' }, () => promise);
  return resolve;
}

export async function findBusyTabs(): Promise<BusyTabs> {
  const { held = [] } = await navigator.locks.query();
  return readLocks(held.flatMap(({ name = '' }) => name));
}

export function readLocks(names: readonly string[]): BusyTabs {
  const duties = names.filter((name) => name.startsWith(DUTY_LOCK)).map((name) => Number(name.slice(DUTY_LOCK.length)));
  return {
    takePart: names.some((name) => name.startsWith(DEVICE_LOCK)),
    dutyUntil: duties.length === 0 ? null : Math.max(...duties),
  };
}
