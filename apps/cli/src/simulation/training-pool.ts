import { TrainingError } from '@sotto/learner/training-error';
import type { Trainer } from '@sotto/learner/worker/client';
import { createPool } from './pool.ts';

export type Seat = Pick<Trainer, 'train' | 'cancel'>;

export interface TrainingPool {
  /** One participant's trainer: its jobs wait their turn among everybody's, and `cancel` ends no others. */
  seat(): Seat;
  dispose(): void;
}

interface Ticket {
  /** Null while the job waits. */
  worker: Trainer | null;
  readonly cancel: (error: TrainingError) => void;
}

/**
 * Few training workers for many participants. A worker is never given a second job before the first is done.
 * @param onFault hears of jobs that failed, those that were cancelled aside
 */
export function createTrainingPool(workers: readonly Trainer[], onFault: (error: unknown) => void): TrainingPool {
  const pool = createPool(workers);
  return {
    seat() {
      const tickets = new Set<Ticket>();
      return {
        async train(request, onProgress) {
          const { promise: cancelled, reject: cancel } = Promise.withResolvers<never>();
          const ticket: Ticket = { worker: null, cancel };
          tickets.add(ticket);
          const trained = pool.run(async (worker) => {
            if (!tickets.has(ticket)) return cancelled;
            ticket.worker = worker;
            try {
              return await worker.train(request, onProgress);
            } finally {
              ticket.worker = null;
            }
          });
          trained.catch((error: unknown) => {
            if (!(error instanceof TrainingError && error.code === 'cancelled')) onFault(error);
          });
          try {
            return await Promise.race([trained, cancelled]);
          } finally {
            tickets.delete(ticket);
          }
        },
        cancel() {
          for (const ticket of tickets) {
            tickets.delete(ticket);
            if (ticket.worker) ticket.worker.cancel();
            else ticket.cancel(new TrainingError('cancelled', 'Training was cancelled before it began.'));
          }
        },
      };
    },
    dispose() {
      for (const worker of workers) worker.dispose();
    },
  };
}
