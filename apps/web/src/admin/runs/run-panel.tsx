import type { RunSummary, Status } from '@sotto/protocol/run';
import type { TaskView } from '@sotto/protocol/views';
import { command } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatClock, formatDate, formatPlural, formatShare } from '../../ui/quantity.ts';
import { RunPlot } from '../../ui/run-plot.tsx';
import { Stat } from '../../ui/stat.tsx';
import { useAction } from '../frame/action.ts';
import { PhaseTimeline } from './phase-timeline.tsx';
import { RunFacts } from './run-facts.tsx';
import { RunRounds } from './run-rounds.tsx';

const STATE: Record<RunSummary['state'], string> = {
  running: 'Running',
  paused: 'Paused',
  finished: 'Finished',
  stopped: 'Stopped',
};

/** The task's present run, or its last. */
export function RunPanel({ view: { task, status, run }, mayChange }: { view: TaskView; mayChange: boolean }) {
  if (!run)
    return (
      <Card title={task.title} aside="No run yet" testId="run">
        <p className="text-muted">{task.summary}</p>
        <p className="mt-3 text-muted">
          Invite devices with the link or the QR code, then start a run. {formatPlural(status.present, 'device')} here
          now.
        </p>
      </Card>
    );
  const published = run.rounds.filter((round) => round.kind === 'published');
  const accuracy = published.at(-1)?.testAccuracy ?? run.initial.testAccuracy;
  return (
    <Card title={task.title} aside={`Started ${formatDate(run.startedAt)}`} testId="run">
      <div data-testid="run-state" data-state={run.state} data-phase={status.phase} data-published={published.length}>
        <dl className="grid grid-cols-2 gap-5 sm:grid-cols-4">
          <Stat name="Run">{STATE[run.state]}</Stat>
          <Stat name="Rounds published">
            {published.length} of {run.config.rounds}
          </Stat>
          <Stat name="Right on test data" testId="run-accuracy">
            {formatShare(accuracy)}
          </Stat>
          <Stat name="Devices here">{status.present}</Stat>
        </dl>
        {(run.state === 'running' || run.state === 'paused') && (
          <Live mayChange={mayChange} run={run} status={status} />
        )}
        {run.note && (
          <div className="mt-5">
            <Notice tone="warn" title={run.note} />
          </div>
        )}
        <RunFacts run={run} />
        {published.length > 0 && <RunPlot run={run} />}
        {run.rounds.length > 0 && <RunRounds run={run} />}
      </div>
    </Card>
  );
}

function Live({ run, status, mayChange }: { run: RunSummary; status: Status; mayChange: boolean }) {
  const { refusal, run: act } = useAction();
  const { phase, cohort, contributors, deadline } = status;
  const paused = run.state === 'paused';
  const path = `/api/admin/runs/${run.run}`;
  return (
    <div className="mt-6 rounded-xl bg-sunken p-4 sm:p-5">
      <div className="flex flex-wrap items-start justify-between gap-4">
        <div role="status">
          <p className="font-semibold">Round {run.rounds.length + 1}</p>
          <p className="mt-0.5 text-sm text-muted">
            {phase === 'waiting'
              ? describeWait(status, paused)
              : `${contributors} updates in, of ${formatPlural(cohort, 'device')} that were asked`}
            {deadline !== null && `, until ${formatClock(deadline)} at the latest`}
            {phase !== 'waiting' && paused && '. No other round begins after this one'}
          </p>
        </div>
        <fieldset disabled={!mayChange} className="flex flex-wrap gap-3">
          {paused ? (
            <Button look="primary" onClick={() => void act(() => command('POST', `${path}/resume`))}>
              Resume
            </Button>
          ) : (
            <Button onClick={() => void act(() => command('POST', `${path}/pause`))}>Pause</Button>
          )}
          <ConfirmButton
            label="Stop the run"
            title="Stop this run?"
            confirm="Stop it"
            keep="Keep it"
            onConfirm={() => void act(() => command('POST', `${path}/stop`))}
          >
            The present round is given up; nothing of it is opened. Rounds that are published stay. A stopped run cannot
            be continued.
          </ConfirmButton>
        </fieldset>
      </div>
      <PhaseTimeline phase={phase} />
      {refusal && <Notice tone="bad" title={refusal} />}
    </div>
  );
}

function describeWait({ present, needed, nextRoundAt }: Status, paused: boolean): string {
  if (paused) return 'Begins once the run is resumed';
  if (nextRoundAt !== null) return `Tried again at ${formatClock(nextRoundAt)}`;
  return present < needed ? `Waiting for ${formatPlural(needed - present, 'more device')}` : 'About to begin';
}
