import { parentPort, workerData } from 'node:worker_threads';
import { initialModel, type ModelEnds } from '@sotto/learner/architecture';
import { messageOf } from '../error-message.ts';

const { topology, seed, expected } = workerData as { topology: string; seed: number; expected?: ModelEnds };

try {
  const model = await initialModel(topology, seed, expected);
  parentPort!.postMessage({ model }, [model.buffer]);
} catch (error) {
  parentPort!.postMessage({ fault: messageOf(error) });
}
