import { type MessagePort, workerData } from 'node:worker_threads';
import { isRejection } from '@sotto/protocol/rejection';
import { type Endpoint, expose, transfer, wrap } from 'comlink';
import { createFileBlobs } from '../blobs/files.ts';
import { type Failpoint, failingBlobs } from '../failpoints.ts';
import { createJobs } from './jobs.ts';

const { port, folder, failing } = workerData as { port: MessagePort; folder: string; failing?: MessagePort };
const failpoint = failing && wrap<Failpoint>(failing as unknown as Endpoint);
const jobs = createJobs(failingBlobs(createFileBlobs(folder, failpoint), failpoint));

// Node's MessagePort is an event target, hence an endpoint as it is.
expose(
  {
    ...jobs,
    async open(request: Parameters<typeof jobs.open>[0]) {
      const opened = await jobs.open(request);
      return isRejection(opened) || !opened.levels ? opened : transfer(opened, [opened.levels.buffer]);
    },
  },
  port as unknown as Endpoint,
);
