import type * as Comlink from 'comlink';
import type { IntakeService } from './host.browser.ts';

/** Comlink's own type ends at the parts; what it makes does not. */
export type RemoteParts = { readonly [Part in keyof IntakeService]: Comlink.Remote<IntakeService[Part]> };

/** Asks the worker's service. Rejects with a TrainingError when the worker is gone before it answered. */
export type AskIntake = <T>(work: (service: RemoteParts) => Promise<T>) => Promise<T>;
