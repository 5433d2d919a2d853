import type { Endpoint } from 'comlink';
import { createService } from '../service.ts';
import { browserBackends } from './backends.browser.ts';
import { exposeService } from './host.ts';
import { holdLifeline } from './lifeline.ts';

holdLifeline();
exposeService(createService(browserBackends), globalThis as unknown as Endpoint);
