import { expose } from 'comlink';
import { createSealing } from './service.ts';

expose(createSealing());
