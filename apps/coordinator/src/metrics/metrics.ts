import { Phase } from '@sotto/protocol/run';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import manifest from '../../package.json' with { type: 'json' };
import { diskOf } from '../blobs/disk-room.ts';
import type { Sessions } from '../desk/sessions.ts';
import type { RunEnded, Runs } from '../rounds/runs.ts';
import { watchRuns } from './run-metrics.ts';

export interface Metrics {
  /** Everything in Prometheus' text format. */
  text(): Promise<string>;
  /** A call of the store or of the blobs has ended. */
  took(port: 'store' | 'blobs', call: string, seconds: number): void;
  /** Devices sent a message, or were sent one. Its name is one of the protocol's, or `unknown`. */
  passed(direction: 'in' | 'out', message: string, bytes: number): void;
  /** Something was refused: a message, a request, a connection. */
  rejected(code: string, kind: string): void;
  /** A device's update lies in the store and counts. */
  accepted(): void;
  answered(route: string, method: string, status: number, seconds: number): void;
  /** There is an MLflow server, which has not been told of so many runs yet. */
  mirrored(pending: () => number): void;
}

/** What is looked at when somebody asks. */
interface Observed {
  readonly tasks: () => Iterable<string>;
  readonly runs: Pick<Runs, 'status' | 'latest' | 'onRound'>;
  readonly sessions: Pick<Sessions, 'present'>;
  readonly folder: string;
  /** What a probe for readiness would be told. */
  readonly problems: () => Promise<readonly string[]>;
}

const FAST = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const SLOW = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600];

/**
 * The coordinator in numbers, in a registry of its own. No label ever names a device: there are too many of them, and a graph of who took
 * part when is nobody's business. @returns the instruments, and `watch`, which begins to look at what is there once it is.
 */
export function createMetrics(): Metrics & { watch(observed: Observed): () => void } {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const rounds = new Counter({
    name: 'sotto_rounds_total',
    help: 'Rounds that ended, by outcome (published, abandoned) and reason',
    labelNames: ['task', 'outcome', 'reason'],
    registers,
  });
  const phases = new Histogram({
    name: 'sotto_round_phase_seconds',
    help: 'How long each phase of a published round took',
    labelNames: ['phase'],
    buckets: SLOW,
    registers,
  });
  const updates = new Counter({
    name: 'sotto_updates_accepted_total',
    help: 'Updates that were stored and acknowledged',
    registers,
  });
  const messages = new Counter({
    name: 'sotto_messages_total',
    help: 'Messages from (in) and to (out) devices',
    labelNames: ['direction', 'message'],
    registers,
  });
  const bytes = new Counter({
    name: 'sotto_message_bytes_total',
    help: 'Bytes of these messages, before framing',
    labelNames: ['direction', 'message'],
    registers,
  });
  const rejections = new Counter({
    name: 'sotto_rejections_total',
    help: 'What was refused, by code and by what it was',
    labelNames: ['code', 'kind'],
    registers,
  });
  const ports = new Histogram({
    name: 'sotto_storage_seconds',
    help: 'How long calls of the store (database) and of the blobs (files) took',
    labelNames: ['port', 'call'],
    buckets: FAST,
    registers,
  });
  const http = new Histogram({
    name: 'sotto_http_request_seconds',
    help: 'How long HTTP requests took, by declared route',
    labelNames: ['route', 'method', 'status'],
    buckets: FAST,
    registers,
  });
  new Gauge({
    name: 'sotto_info',
    help: 'Always 1; its label is the version',
    labelNames: ['version'],
    registers,
  }).set({ version: manifest.version }, 1);

  function noteRound({ task, outcome }: RunEnded): void {
    const reason = outcome.kind === 'abandoned' ? outcome.reason : '';
    rounds.inc({ task, outcome: outcome.kind, reason });
    if (outcome.kind === 'published')
      for (const [phase, ms] of Object.entries(outcome.phases)) phases.observe({ phase }, ms / 1000);
  }

  return {
    text: () => registry.metrics(),
    took: (port, call, seconds) => ports.observe({ port, call }, seconds),
    passed(direction, message, size) {
      messages.inc({ direction, message });
      bytes.inc({ direction, message }, size);
    },
    rejected: (code, kind) => rejections.inc({ code, kind }),
    accepted: () => updates.inc(),
    answered: (route, method, status, seconds) => http.observe({ route, method, status }, seconds),
    mirrored(pending) {
      new Gauge({
        name: 'sotto_mlflow_pending_runs',
        help: 'Runs that MLflow has not been told of as they are now',
        registers,
        collect() {
          this.set(pending());
        },
      });
    },
    watch({ tasks, runs, sessions, folder, problems }) {
      new Gauge({
        name: 'sotto_devices_connected',
        help: 'Devices that are here and have said who they are',
        labelNames: ['task'],
        registers,
        collect() {
          for (const task of tasks()) this.set({ task }, sessions.present(task).length);
        },
      });
      new Gauge({
        name: 'sotto_round_phase',
        help: '1 for the phase in which the task is now, 0 for all others',
        labelNames: ['task', 'phase'],
        registers,
        collect() {
          for (const task of tasks()) {
            const now = runs.status(task)?.phase;
            for (const phase of Phase.options) this.set({ task, phase }, phase === now ? 1 : 0);
          }
        },
      });
      new Gauge({
        name: 'sotto_disk_bytes',
        help: 'Size of the data folder’s file system, and what is free of it',
        labelNames: ['kind'],
        registers,
        async collect() {
          const { size, free } = await diskOf(folder);
          this.set({ kind: 'size' }, size);
          this.set({ kind: 'free' }, free);
        },
      });
      new Gauge({
        name: 'sotto_ready',
        help: '1 while /readyz says yes',
        registers,
        async collect() {
          this.set((await problems()).length === 0 ? 1 : 0);
        },
      });
      watchRuns({ tasks, runs }, registers);
      return runs.onRound(noteRound);
    },
  };
}
