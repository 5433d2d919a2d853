import { readConfig } from '@sotto/coordinator/config';
import { startCoordinator } from '@sotto/coordinator/main';
import { isRejection } from '@sotto/protocol/rejection';
import type { FromCoordinator, ToCoordinator } from './figures.ts';
import { createGauges } from './gauges.ts';
import { TASK } from './task.ts';

// A coordinator as `sotto start` runs it, in a process of its own, so that what is measured is its alone.
const [dataDir = '', tasksDir = ''] = process.argv.slice(2);
const tell = (message: FromCoordinator) => void process.send!(message);

const config = readConfig({ SOTTO_DATA_DIR: dataDir, PORT: '0', SOTTO_LOG: process.env.SOTTO_LOG ?? 'warn' });
const coordinator = await startCoordinator(config, { tasksDirs: [tasksDir] });
const { runs, localUrl } = coordinator;
const gauges = createGauges();

runs.onChange((task) => {
  const { phase } = runs.status(task)!;
  if (phase !== 'waiting') gauges.enter(phase);
});
runs.onRound(({ run, outcome }) => {
  gauges.enter('telling');
  if (outcome.kind === 'published') tell({ is: 'published', round: outcome, initial: runs.get(run)!.initial.model });
  else tell({ is: 'failed', why: `the round was abandoned: ${outcome.reason}` });
});

process.on('message', async (order: ToCoordinator) => {
  switch (order.do) {
    case 'begin': {
      const { participants } = order;
      const cohort = { least: participants, most: participants };
      // What is made up here improves no model, and shall count all the same.
      const guard = { mostDrop: 1, mostRise: 1000 };
      // Fine levels: whether the sum is that of the updates shows in its mean.
      const created = await runs.create({ task: TASK, rounds: 1, cohort, lanes: 2, guard });
      if (isRejection(created)) tell({ is: 'failed', why: created.message });
      return;
    }
    case 'report':
      return tell({ is: 'report', figures: gauges.read() });
  }
});
// Whoever started this is gone, or wants no more of it.
process.on('disconnect', () => process.exit());

tell({ is: 'up', url: localUrl });
