import { join } from 'node:path';
import type { Coordinator } from '@sotto/coordinator/main';
import { OPEN_PINS } from '@sotto/protocol/invite';
import type { RoundOutcome } from '@sotto/protocol/run';
import { Failure } from './failure.ts';
import { writeJson } from './json-file.ts';
import { createProgress } from './progress.ts';
import { createCrowd } from './simulation/crowd.ts';
import type { Measurements } from './simulation/measurements.ts';
import { rehearse } from './simulation/rehearsal.ts';
import { formatBytes, formatPercent, formatSeconds } from './table.ts';
import { dealTask } from './task-data.ts';
import { saveTranscripts } from './transcripts.ts';

const TASK = 'mnist';
const PARTICIPANTS = 5;
const ROUNDS = 3;

const EXACTNESS = {
  true: 'Each opened sum equals the sum of the sealed updates, level by level; nobody opened any single one.',
  false: 'An opened sum DIFFERS from the sum of the sealed updates. This is a bug: please report it.',
  null: 'Somebody from elsewhere took part, so the sums could not be compared with what was sealed.',
};

/**
 * Five participants learn handwritten digits in three rounds; each holds a fifth of the training data and none sees another's. They stay
 * connected until `endings` ends them.
 */
export async function showDemo(
  coordinator: Coordinator,
  measurements: Measurements,
  folder: string,
  endings: AsyncDisposableStack,
): Promise<void> {
  const { runs } = coordinator;
  console.log(`${PARTICIPANTS} participants learn to read handwritten digits, ${ROUNDS} rounds.`);
  const progress = createProgress();
  progress.show('starting the participants', 0, 1);
  // A run that an earlier start left unfinished would wait for its own participants for ever.
  const before = runs.latest(TASK);
  if (before?.state === 'running' || before?.state === 'paused') await runs.stop(before.run);
  const crowd = await createCrowd({
    url: coordinator.localUrl,
    task: TASK,
    pins: { ...OPEN_PINS, coordinator: coordinator.coordinatorKey },
    datasets: dealTask(coordinator, TASK, PARTICIPANTS, 'iid'),
    seed: null,
    measurements,
  });
  endings.defer(() => crowd.close());
  const summary = await rehearse(coordinator, crowd, {
    run: { task: TASK, rounds: ROUNDS, committee: 'drawn', cohort: { least: PARTICIPANTS } },
    progress,
    onRound(outcome) {
      if (outcome.kind === 'published') measurements.published(outcome, crowd.sentBy);
      measurements.over();
      console.log(roundLine(outcome));
    },
  });
  if (summary.state !== 'finished')
    throw new Failure(`The run is ${summary.state}: ${summary.note ?? 'nobody said why.'}`);

  const result = measurements.result(TASK);
  const resultFile = join(folder, 'result.json');
  writeJson(resultFile, result);
  const published = summary.rounds.filter((outcome) => outcome.kind === 'published');
  const transcripts = await saveTranscripts(coordinator, summary, folder);
  const last = published.at(-1)!;
  console.log(
    [
      '',
      `Accuracy on digits nobody learned from: ${formatPercent(summary.initial.testAccuracy)} before, ${formatPercent(last.testAccuracy)} after.`,
      EXACTNESS[String(result.sumExact) as keyof typeof EXACTNESS],
      '',
      `  figures      ${resultFile}`,
      `  model        ${join(folder, 'blobs/models', last.model)} (safetensors)`,
      `  transcripts  ${transcripts}`,
      `               check them with: npm run sotto -- verify ${join(transcripts, '*.json')}`,
      '',
    ].join('\n'),
  );
}

function roundLine(outcome: RoundOutcome): string {
  if (outcome.kind === 'abandoned')
    return `Round ${outcome.round} was abandoned: ${outcome.reason.replaceAll('_', ' ')}. Trying again.`;
  const phases = Object.entries(outcome.phases).map(([phase, ms]) => `${phase} ${formatSeconds(ms)}`);
  return [
    `Round ${outcome.round}: accuracy ${formatPercent(outcome.testAccuracy)}, ${outcome.contributors} contributors, ${formatBytes(outcome.uploadBytes)} sent by each`,
    `         ${phases.join(' · ')}`,
  ].join('\n');
}
