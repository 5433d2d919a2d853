import { DEVICE_LOCK } from '../../session/device-lock.ts';
import type { Duty } from '../duty.ts';

const DUTY_LOCK = /^sotto\/duty\/(given|asked)\/(\d+)$/;
const dutyLock = ({ place, until }: Duty): string => `sotto/duty/${place}/${until}`;

/** What the tabs of this browser are in the middle of, this one included. */
export interface BusyTabs {
  readonly takePart: boolean;
  /** Of committee duties the one that weighs most: a given place before one that is asked for, then the latest end; null: none has one. */
  readonly duty: Duty | null;
}

/** Lets other tabs know of this one's committee duty, for as long as it lasts or the tab does. @returns a function that lets go */
export function holdDuty(duty: Duty): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  void navigator.locks.request(dutyLock(duty), { mode: 'shared' }, () => promise);
  return resolve;
}

export async function findBusyTabs(): Promise<BusyTabs> {
  const { held = [] } = await navigator.locks.query();
  return readLocks(held.flatMap(({ name = '' }) => name));
}

export function readLocks(names: readonly string[]): BusyTabs {
  const duties = names.flatMap((name): Duty[] => {
    const [, place, until] = DUTY_LOCK.exec(name) ?? [];
    return place ? [{ place: place as Duty['place'], until: Number(until) }] : [];
  });
  const [first = null] = duties.sort(
    (a, b) => Number(b.place === 'given') - Number(a.place === 'given') || b.until - a.until,
  );
  return { takePart: names.some((name) => name.startsWith(DEVICE_LOCK)), duty: first };
}
