import { holdLifeline } from '@sotto/learner/worker/lifeline';
import { expose } from 'comlink';
import { createSealing } from './service.ts';

holdLifeline();
expose(createSealing());
