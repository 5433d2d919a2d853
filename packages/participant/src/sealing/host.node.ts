import { parentPort } from 'node:worker_threads';
import { nodeEndpoint } from '@sotto/he-core/worker/endpoint.node';
import { invariant } from '@sotto/protocol/rejection';
import { expose } from 'comlink';
import { createSealing } from './service.ts';

invariant(parentPort, 'host.node.ts runs in a worker thread');
expose(createSealing(), nodeEndpoint(parentPort));
