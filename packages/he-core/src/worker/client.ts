import { type Endpoint, releaseProxy, transfer, wrap } from 'comlink';
import type { SealingService } from './service.ts';

/** A sealing service in another thread. */
export interface SealingClient extends SealingService {
  /** Ends the thread; calls still under way never settle. */
  close(): void;
}

/**
 * Speaks to a host over `endpoint`. `seal` hands the memory of `messages` over: the caller's array is empty afterwards,
 * as nobody should keep a plaintext update.
 */
export function createSealingClient(endpoint: Endpoint, terminate: () => void): SealingClient {
  const remote = wrap<SealingService>(endpoint);
  return {
    seal: (request) => {
      const { buffer } = request.messages;
      return remote.seal(buffer instanceof ArrayBuffer ? transfer(request, [buffer]) : request);
    },
    check: (request) => remote.check(request),
    open: (shares) => remote.open(shares),
    close() {
      remote[releaseProxy]();
      terminate();
    },
  };
}
