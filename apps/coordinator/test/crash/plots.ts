import { door } from './plots/door.ts';
import { models } from './plots/models.ts';
import { absence, liar, stopped, withdrawal } from './plots/rounds.ts';
import { tasks } from './plots/tasks.ts';
import type { Plot } from './script.ts';

const durations = { keysMs: 5000, uploadMs: 30_000, checkMs: 10_000, voteMs: 10_000, openMs: 10_000, returnMs: 2000 };
/** What devices make up here improves no model, and shall count all the same. */
const run = { task: 'tiny', rounds: 1, durations, seed: 1, guard: { mostDrop: 1, mostRise: 1000 } };
const four = { devices: 4, task: 'small', run: { ...run, cohort: { least: 4 } } } as const;
/** Waits for all four, however long a restart takes. */
const patient = { ...four.run, overSelection: 1, durations: { ...durations, returnMs: 20_000 } };
/** Three parts to an update, of a model that can only become worse by what these devices pretend to learn. */
const large = { ...run, lanes: 2, guard: { mostDrop: 1, mostRise: 1000 } } as const;
/** What it remembers of the first round must be there in the second. */
const momentum = { name: 'FedAvgM', server_learning_rate: 1, server_momentum: 0.5 } as const;
/** Opens in groups, tries each, and takes the median of them. */
const robust = { rule: 'median', trim: 0, gate: true, tolerance: 1 } as const;

export const PLOTS: readonly Plot[] = [
  { ...four, name: 'rounds', run: { ...four.run, rounds: 2, strategy: momentum } },
  { name: 'parts', devices: 3, task: 'large', run: large },
  { ...four, name: 'absence', run: { ...four.run, durations: { ...durations, returnMs: 300 } }, script: absence },
  { ...four, name: 'withdrawal', run: patient, script: withdrawal },
  { ...four, name: 'liar', script: liar },
  { ...four, name: 'stopped', run: patient, script: () => stopped(patient) },
  { ...four, name: 'door', script: door },
  { ...four, name: 'tasks', script: tasks },
  { ...four, name: 'models', script: models },
  {
    name: 'groups',
    devices: 9,
    task: 'small',
    run: { ...patient, cohort: { least: 9 }, groups: { count: 3, least: 3 }, robust },
  },
];
