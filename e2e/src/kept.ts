import type { Page } from 'playwright-core';

export interface KeptInBrowser {
  readonly databases: string[];
  readonly settings: string[];
  readonly caches: string[];
  readonly workers: number;
}

/** All that an origin has stored in the page's browser. */
export function keptInBrowser(page: Page): Promise<KeptInBrowser> {
  return page.evaluate(async () => ({
    databases: (await indexedDB.databases()).map(({ name = '' }) => name).sort(),
    settings: [...Object.keys(localStorage), ...Object.keys(sessionStorage)].sort(),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
}

/** Examples remembered under this key, or null; the page's own code has no part in it. */
export function rememberedExamples(page: Page, key: string): Promise<{ inputs: number[]; labels: number[] } | null> {
  return page.evaluate(async (at) => {
    // Opening would make it.
    if (!(await indexedDB.databases()).some(({ name }) => name === 'sotto.examples')) return null;
    return new Promise((resolve, reject) => {
      const opening = indexedDB.open('sotto.examples');
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const db = opening.result;
        const request = db.transaction('examples').objectStore('examples').get(at);
        request.onsuccess = () => {
          db.close();
          const found = request.result as { inputs: Uint8Array; labels: Int32Array } | undefined;
          resolve(found ? { inputs: [...found.inputs], labels: [...found.labels] } : null);
        };
        request.onerror = () => reject(request.error);
      };
    });
  }, key);
}
