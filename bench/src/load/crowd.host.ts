import { setImmediate } from 'node:timers/promises';
import { systemClock } from '@sotto/participant/clock';
import { createParticipant, type Participant } from '@sotto/participant/participant';
import { createQueue } from '@sotto/participant/queue';
import { createSealing, type Sealing } from '@sotto/participant/sealing/service';
import type { ParticipantState } from '@sotto/participant/state';
import { createSocketTransport } from '@sotto/participant/transport/socket';
import { createMemoryVault } from '@sotto/participant/vault/memory';
import { OPEN_PINS } from '@sotto/protocol/invite';
import { decodeModelFile } from '@sotto/protocol/model-file';
import { isRejection, reject } from '@sotto/protocol/rejection';
import type { CrowdOrder, FromCrowd } from './figures.ts';
import { deltaOf, TASK } from './task.ts';

/** Every participant downloads the transcript; this many of each process check it, as a thousand times a thousand signatures take minutes. */
const CHECKING = 5;
const DATA = { inputs: new Float32Array(1), shape: [1], scale: 1, labels: new Int32Array(1) };

const { url, first, count } = JSON.parse(process.argv[2]!) as CrowdOrder;
const tell = (message: FromCrowd) => void process.send!(message);
// Whoever started this is gone, or wants no more of it.
process.on('disconnect', () => process.exit());

// Participants as they are, but for their number in one process: each with its own key, vault and socket.
const sealing = createSealing();
await sealing.prepare();
const inTurn = createQueue();
// One after the other, and with a look at the sockets in between: a thousand devices would have a processor each.
const sealer: Sealing = {
  ...sealing,
  seal: (request) => inTurn(() => sealing.seal(request).finally(() => setImmediate())),
};
const crowd = await Promise.all(Array.from({ length: count }, (_, i) => createOne(first + i, i < CHECKING)));
for (const { participant } of crowd) await participant.join();
await Promise.all(crowd.map(({ participant }) => until(participant, ({ connection }) => connection === 'connected')));
tell({ is: 'joined' });
await Promise.all(crowd.map(({ told }) => told)).then(
  () => tell({ is: 'told' }),
  (error: unknown) => tell({ is: 'failed', why: String(error) }),
);

async function createOne(
  number: number,
  checks: boolean,
): Promise<{ readonly participant: Participant; readonly told: Promise<void> }> {
  const { promise: fetched, resolve, reject: fail } = Promise.withResolvers<void>();
  const transport = createSocketTransport(url);
  const participant = await createParticipant(
    { task: TASK, pins: OPEN_PINS, data: DATA },
    {
      transport: {
        ...transport,
        async fetch(path) {
          const bytes = await transport.fetch(path);
          if (!path.startsWith('/api/transcripts/')) return bytes;
          if (!isRejection(bytes)) {
            resolve();
            return checks ? bytes : reject('unchecked', 'Somebody else checks it.');
          }
          // Anything but “not now” and a lost connection is for good.
          if (bytes.retryAfterMs === undefined && bytes.rejected !== 'disconnected') fail(new Error(bytes.message));
          return bytes;
        },
      },
      vault: createMemoryVault(),
      sealer,
      trainer: {
        async train({ model }) {
          const { length } = decodeWeights(model);
          const delta = new Float32Array(length).fill(deltaOf(number));
          return { delta, examples: 1, correct: 0, lossSum: 0, finalLoss: 0, finalAccuracy: 0 };
        },
        cancel() {},
      },
      clock: systemClock,
    },
  );
  return { participant, told: checks ? fetched.then(() => checked(participant)) : fetched };
}

async function checked(participant: Participant): Promise<void> {
  await until(participant, ({ receipts }) => receipts.length > 0);
  const { included, problems } = participant.state().receipts[0]!;
  if (!included) throw new Error(`a participant is not in the transcript: ${problems.join(' ')}`);
}

function decodeWeights(file: Uint8Array): Float32Array {
  const model = decodeModelFile(file);
  if (isRejection(model)) throw new Error(model.message);
  return model.weights;
}

function until(participant: Participant, holds: (state: ParticipantState) => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => {
    if (!holds(participant.state())) return;
    unsubscribe();
    resolve();
  };
  const unsubscribe = participant.subscribe(look);
  look();
  return promise;
}
