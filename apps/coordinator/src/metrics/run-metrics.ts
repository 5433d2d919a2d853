import { RunState, type RunSummary, type Status } from '@sotto/protocol/run';
import { Gauge, type Registry } from 'prom-client';
import type { Runs } from '../rounds/runs.ts';

interface Observed {
  readonly tasks: () => Iterable<string>;
  readonly runs: Pick<Runs, 'status' | 'latest'>;
}

interface Watched {
  readonly name: `sotto_${string}`;
  readonly help: string;
  /** Undefined where there is nothing to measure: then the task has no such series. */
  readonly of: (run: RunSummary, status: Status) => number | undefined;
}

const published = ({ rounds }: RunSummary) => rounds.filter((round) => round.kind === 'published');

/** Of each task's latest run. */
const WATCHED: readonly Watched[] = [
  {
    name: 'sotto_run_rounds_planned',
    help: 'Rounds that the task’s latest run is to publish',
    of: ({ config }) => config.rounds,
  },
  {
    name: 'sotto_run_rounds_published',
    help: 'Rounds that it has published',
    of: (run) => published(run).length,
  },
  {
    name: 'sotto_run_rounds_abandoned',
    help: 'Rounds that it has abandoned',
    of: (run) => run.rounds.length - published(run).length,
  },
  {
    name: 'sotto_run_test_accuracy',
    help: 'Accuracy of its latest model on the held-out examples',
    of: (run) => (published(run).at(-1) ?? run.initial).testAccuracy,
  },
  {
    name: 'sotto_run_test_loss',
    help: 'Loss of its latest model on the held-out examples',
    of: (run) => (published(run).at(-1) ?? run.initial).testLoss,
  },
  {
    name: 'sotto_run_last_published_timestamp_seconds',
    help: 'When it published a round last, or began',
    of: (run) => (published(run).at(-1)?.endedAt ?? run.startedAt) / 1000,
  },
  {
    name: 'sotto_run_contributors',
    help: 'Devices whose updates are in its latest published round',
    of: (run) => published(run).at(-1)?.contributors,
  },
  {
    name: 'sotto_run_upload_bytes',
    help: 'Bytes that a device sent in its latest published round, median',
    of: (run) => published(run).at(-1)?.uploadBytes,
  },
  {
    name: 'sotto_run_epsilon_spent',
    help: 'Privacy budget that it has spent, epsilon; only of runs with noise',
    of: ({ budget }) => budget?.spent,
  },
  {
    name: 'sotto_run_epsilon_limit',
    help: 'Privacy budget that it may spend, epsilon; only where there is a limit',
    of: ({ budget }) => budget?.epsilon ?? undefined,
  },
  {
    name: 'sotto_round_asked',
    help: 'Devices asked for an update in the round under way; 0 between rounds',
    of: (_run, { cohort }) => cohort,
  },
  {
    name: 'sotto_round_updates',
    help: 'Updates that have come in the round under way',
    of: (_run, { contributors }) => contributors,
  },
];

/** Gauges of each task's latest run, looked at when somebody asks. */
export function watchRuns({ tasks, runs }: Observed, registers: Registry[]): void {
  const each = (set: (task: string, run: RunSummary, status: Status) => void) => {
    for (const task of tasks()) {
      const run = runs.latest(task);
      const status = runs.status(task);
      if (run && status) set(task, run, status);
    }
  };
  for (const { name, help, of } of WATCHED)
    new Gauge({
      name,
      help,
      labelNames: ['task'],
      registers,
      collect() {
        this.reset();
        each((task, run, status) => {
          const value = of(run, status);
          if (value !== undefined) this.set({ task }, value);
        });
      },
    });
  new Gauge({
    name: 'sotto_run_state',
    help: '1 for the state of the task’s latest run, 0 for all others',
    labelNames: ['task', 'state'],
    registers,
    collect() {
      this.reset();
      each((task, run) => {
        for (const state of RunState.options) this.set({ task, state }, state === run.state ? 1 : 0);
      });
    },
  });
}
