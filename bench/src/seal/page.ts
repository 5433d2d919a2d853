import type { Measured } from './figures.ts';

declare global {
  /** Called by the bench through the browser. */
  var measureInWorker: () => Promise<Measured>;
}

globalThis.measureInWorker = () =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }: MessageEvent<{ measured?: Measured; failed?: string }>) => {
      if (data.measured) resolve(data.measured);
      else reject(new Error(data.failed));
    };
  });
