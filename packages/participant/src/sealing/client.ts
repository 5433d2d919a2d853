import { type Endpoint, releaseProxy, transfer, wrap } from 'comlink';
import type { Sealing } from './service.ts';

export interface Sealer extends Sealing {
  /** Ends the thread; calls still under way never settle. */
  close(): void;
}

/** `seal` hands the delta's memory over: nobody on this side should keep a plain update. */
export function createSealer(endpoint: Endpoint, terminate: () => void): Sealer {
  const remote = wrap<Sealing>(endpoint);
  return {
    seal: (request) => remote.seal(transfer(request, [request.result.delta.buffer as ArrayBuffer])),
    check: (request) => remote.check(request),
    open: (shares) => remote.open(shares),
    close() {
      remote[releaseProxy]();
      terminate();
    },
  };
}
