import { expose } from 'comlink';
import { createSealingService } from './service.ts';

expose(createSealingService());
