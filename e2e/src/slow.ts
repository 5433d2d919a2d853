import { decodeDataset } from '@sotto/learner/dataset-file';
import { startTrainer } from '@sotto/learner/worker/start.node';
import { createNodeParticipant } from '@sotto/participant/node';
import { OPEN_PINS } from '@sotto/protocol/invite';
import { isRejection } from '@sotto/protocol/rejection';
import type { Stage } from './stage.ts';

export interface Slow {
  /** In the round under way; in the next one it waits again. */
  letGo(): void;
}

/** A participant that learns nothing in a round until it is let go. */
export async function joinSlow(stage: Stage, url = stage.url): Promise<Slow> {
  const trainer = startTrainer();
  let gate = Promise.withResolvers<void>();
  const answer = await fetch(`${stage.coordinator.localUrl}/api/tasks/mnist/sample?index=15&count=20&limit=60`);
  const data = decodeDataset(new Uint8Array(await answer.arrayBuffer()), 10);
  if (isRejection(data)) throw new Error(data.message);
  const participant = await createNodeParticipant({
    url,
    task: 'mnist',
    pins: OPEN_PINS,
    data,
    trainer: {
      cancel() {},
      async train(...args) {
        await gate.promise;
        return trainer.train(...args);
      },
    },
  });
  stage.closing(async () => {
    await participant.close();
    trainer.dispose();
  });
  await participant.join();
  return {
    letGo() {
      const { resolve } = gate;
      gate = Promise.withResolvers();
      resolve();
    },
  };
}
