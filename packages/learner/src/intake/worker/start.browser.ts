import * as Comlink from 'comlink';
import { createTableIntake, type TableIntake } from '../../table/client.browser.ts';
import { createTextIntake, type TextIntake } from '../../text/client.browser.ts';
import { TrainingError } from '../../training-error.ts';
import { watchLifeline } from '../../worker/lifeline.ts';
import { createPictureIntake, type PictureIntake } from '../pictures/client.ts';
import type { AskIntake, RemoteParts } from './ask.browser.ts';

/** Reads what people bring, in a Worker of its own. */
export interface Intake {
  readonly pictures: PictureIntake;
  readonly tables: TableIntake;
  readonly texts: TextIntake;
  /** Ends the worker; what is under way rejects with `worker_gone`. A later call starts another. */
  dispose(): void;
}

interface Life {
  readonly service: RemoteParts;
  readonly waiting: Set<(error: TrainingError) => void>;
  readonly end: (reason: string) => void;
}

/** Does the work, and says why where it failed because something could not be loaded. */
type Explain = <T>(work: () => Promise<T>) => Promise<T>;

/** What the worker itself threw on purpose: all there is to it. */
function isOwnWord(error: unknown): boolean {
  return error instanceof Error && error.name === 'TrainingError' && !('code' in error && error.code === 'worker_gone');
}

/** The worker starts at the first call. Needs a bundler that understands `new Worker(new URL(…))`, such as Vite. */
export function startIntake(explain: Explain): Intake {
  let life: Life | null = null;

  function start(): Life {
    const name = `sotto-intake-${crypto.randomUUID()}`;
    const worker = new Worker(new URL('./host.browser.ts', import.meta.url), { type: 'module', name });
    const waiting: Life['waiting'] = new Set();
    const end = (reason: string) => {
      worker.terminate();
      if (life?.waiting === waiting) life = null;
      const error = new TrainingError(
        'worker_gone',
        `The part of this page that reads files has ended: ${reason}. Add them again, fewer at a time.`,
      );
      for (const fail of waiting) fail(error);
    };
    worker.addEventListener('error', (event) => end(event.message || 'it could not be loaded'));
    watchLifeline(worker, name, () => end('the browser ended it'));
    return { service: Comlink.wrap(worker) as unknown as RemoteParts, waiting, end };
  }

  const ask: AskIntake = async (work) => {
    life ??= start();
    const { service, waiting } = life;
    // Not a race against one lasting promise, which would keep every answer until the worker ends.
    const { promise: over, reject } = Promise.withResolvers<never>();
    waiting.add(reject);
    try {
      return await Promise.race([work(service), over]);
    } catch (error) {
      if (isOwnWord(error)) throw error;
      return explain(() => Promise.reject(error));
    } finally {
      waiting.delete(reject);
    }
  };

  return {
    pictures: createPictureIntake(ask),
    tables: createTableIntake(ask),
    texts: createTextIntake(ask),
    dispose: () => life?.end('it was ended'),
  };
}
