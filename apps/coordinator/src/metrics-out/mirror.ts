import type { RunSummary } from '@sotto/protocol/run';
import type { Clock } from '../clock.ts';
import { messageOf } from '../error-message.ts';
import type { Log } from '../log.ts';
import type { Runs } from '../rounds/runs.ts';
import { type Mlflow, MlflowError } from './mlflow.ts';

export interface Mirror {
  /** Runs that are not at MLflow as they are here. */
  pending(): number;
  close(): void;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Keeps MLflow told of every run: after each round, and when a run ends. Rounds know nothing of it. What MLflow does not take for now is sent
 * again, later and later; what it refuses is said in the log, and tried again with the run's next round.
 */
export function createMirror(
  mlflow: Mlflow,
  {
    runs,
    clock,
    log,
  }: { readonly runs: Pick<Runs, 'list' | 'get' | 'onChange'>; readonly clock: Clock; readonly log: Log },
): Mirror {
  /** As it was sent, or refused, last. */
  const told = new Map<string, string>();
  /** In the order in which they came to differ. */
  const waiting = new Set<string>();
  let busy = false;
  let closed = false;
  let failures = 0;
  let cancelWait: (() => void) | null = null;

  function look(): void {
    for (const run of runs.list()) if (told.get(run.run) !== versionOf(run)) waiting.add(run.run);
    if (!busy && cancelWait === null) void sendAll();
  }

  /** Never rejects. */
  async function sendAll(): Promise<void> {
    busy = true;
    for (const name of waiting) {
      if (closed) return;
      const run = runs.get(name);
      const sent = !run || (await send(run));
      waiting.delete(name);
      if (!sent) {
        // Behind the others: it may be this run that MLflow fails of.
        waiting.add(name);
        break;
      }
      // It may have gone on while it was sent.
      const now = runs.get(name);
      if (now && told.get(name) !== versionOf(now)) waiting.add(name);
    }
    busy = false;
  }

  /** @returns false when everything has to wait. */
  async function send(run: RunSummary): Promise<boolean> {
    const version = versionOf(run);
    try {
      await mlflow.send(run);
      if (failures > 0) log.info({ run: run.run }, 'MLflow takes what it is sent again');
      failures = 0;
    } catch (error) {
      if (closed) return false;
      if (error instanceof MlflowError && error.forNow) {
        if (failures++ === 0) log.warn({ run: run.run, why: error.message }, 'MLflow is told later');
        wait();
        return false;
      }
      log.error({ run: run.run, why: messageOf(error) }, 'MLflow was not told of this run');
    }
    told.set(run.run, version);
    return true;
  }

  function wait(): void {
    const ms = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
    cancelWait = clock.at(clock.now() + ms, () => {
      cancelWait = null;
      void sendAll();
    });
  }

  const end = runs.onChange((_task, what) => {
    if (what === 'runs') look();
  });
  look();
  return {
    pending: () => waiting.size,
    close() {
      closed = true;
      cancelWait?.();
      end();
      mlflow.close();
    },
  };
}

/** Changes with everything that MLflow is told. */
function versionOf({ rounds, state }: RunSummary): string {
  return `${rounds.length}/${state}`;
}
