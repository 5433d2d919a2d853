import { parentPort, workerData } from 'node:worker_threads';
import { initialModel } from '@sotto/learner/architecture';
import { messageOf } from '../error-message.ts';

const { topology, seed } = workerData as { topology: string; seed: number };

try {
  const model = await initialModel(topology, seed);
  parentPort!.postMessage({ model }, [model.buffer]);
} catch (error) {
  parentPort!.postMessage({ fault: messageOf(error) });
}
