/** The device's keys and records are shared by all tabs of this browser: two at once would contradict each other. */

/** @returns a function that lets go, or null when another tab has this task open. */
export function holdDevice(task: string, device: string | null): Promise<(() => void) | null> {
  return new Promise((resolve, fail) => {
    navigator.locks
      .request(`sotto/device${device ?? ''}/${task}`, { ifAvailable: true }, (lock) => {
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
