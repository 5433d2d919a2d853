import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import { ensure } from '../invariant-error.ts';
import { nodeEndpoint } from './endpoint.node.ts';
import { createSealingService } from './service.ts';

ensure(parentPort !== null, 'host.node.ts runs in a worker thread');
expose(createSealingService(), nodeEndpoint(parentPort));
