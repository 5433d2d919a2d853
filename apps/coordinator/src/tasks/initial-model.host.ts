import { parentPort, workerData } from 'node:worker_threads';
import { initialModel } from '@sotto/learner/architecture';

const { topology, seed } = workerData as { topology: string; seed: number };

try {
  const model = await initialModel(topology, seed);
  parentPort!.postMessage({ model }, [model.buffer]);
} catch (error) {
  parentPort!.postMessage({ fault: error instanceof Error ? error.message : String(error) });
}
