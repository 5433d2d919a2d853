/** The device's keys and records are shared by all tabs of this browser: two at once would contradict each other. */

/** What the names of their locks begin with. */
export const DEVICE_LOCK = 'sotto/device';

const nameOf = (task: string, device: string | null): string => `${DEVICE_LOCK}${device ?? ''}/${task}`;

/** @returns a function that lets go, or null when another tab has this task open. */
export function holdDevice(task: string, device: string | null): Promise<(() => void) | null> {
  return new Promise((resolve, fail) => {
    navigator.locks
      .request(nameOf(task, device), { ifAvailable: true }, (lock) => {
        if (!lock) {
          resolve(null);
          return;
        }
        const { promise, resolve: letGo } = Promise.withResolvers<void>();
        resolve(letGo);
        return promise;
      })
      .catch(fail);
  });
}

/** Resolves once no tab has this task open. */
export async function deviceFree(task: string, device: string | null): Promise<void> {
  await navigator.locks.request(nameOf(task, device), { mode: 'shared' }, () => {});
}
