import { holdLifeline } from '@sotto/learner/worker/lifeline';
import type { Pins } from '@sotto/protocol/invite';
import { reject } from '@sotto/protocol/rejection';
import { config } from 'zod';
import { checkFile } from './check.ts';
import type { CheckerNews } from './checker.ts';

// As in the page: its policy forbids what zod would compile.
config({ jitless: true });
holdLifeline();

const tell = (news: CheckerNews) => postMessage(news);

addEventListener('message', ({ data }: MessageEvent<{ bytes: Uint8Array; pins: Pins }>) => {
  checkFile(data.bytes, data.pins, (done, of) => tell({ done, of })).then(
    (result) => tell({ result }),
    (error: unknown) =>
      tell({
        result: reject('check_failed', `The check itself failed: ${error instanceof Error ? error.message : error}`),
      }),
  );
});
