import { type MessagePort, workerData } from 'node:worker_threads';
import type { Endpoint } from 'comlink';
import { createService } from '../service.ts';
import { nodeBackends } from './backends.node.ts';
import { exposeService } from './host.ts';

// Node's own MessagePort is an event target, hence an endpoint as it is.
exposeService(createService(nodeBackends), workerData as MessagePort as unknown as Endpoint);
