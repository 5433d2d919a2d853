import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { FailedRequest } from '../../api/failed-request.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatCount } from '../../ui/quantity.ts';
import { RunPlot } from '../../ui/run-plot.tsx';
import { CommandLine } from '../frame/command-line.tsx';
import { useTask } from '../frame/context.ts';
import { liveQuery } from '../frame/live.ts';
import { PageHead } from '../frame/page-head.tsx';
import { DeviceStates } from './device-states.tsx';
import { Now } from './now.tsx';
import { runQuery } from './queries.ts';
import { Refusals } from './refusals.tsx';
import { RunActions } from './run-actions.tsx';
import { RunFacts } from './run-facts.tsx';
import { RunRounds } from './run-rounds.tsx';
import { RunSettings } from './run-settings.tsx';
import { StateMark } from './state-mark.tsx';

/** `/admin/t/:task/runs/:run`: a run under way as it goes on, or one that is over. */
export function RunPage() {
  const { id: task } = useTask();
  const { run: name = '' } = useParams();
  const query = useQuery(runQuery(task, name));
  const { data: live } = useQuery(liveQuery(task));
  if (!query.data)
    return (
      <>
        <PageHead title={name} />
        {query.error && <FailedRequest error={query.error} query={query} />}
      </>
    );
  const { run, totals } = query.data;
  const unfinished = run.state === 'running' || run.state === 'paused';
  const now = unfinished && live?.status.run === run.run ? live : null;
  return (
    <>
      <PageHead title={run.run} actions={<RunActions run={run} live={now} />}>
        <StateMark state={run.state} />
      </PageHead>
      {run.note && <Notice tone={run.state === 'finished' ? 'calm' : 'warn'} title={run.note} testId="run-note" />}
      {now && (
        <Card title="Now" testId="run">
          <Now live={now} />
        </Card>
      )}
      {now?.round && (
        <Card
          title="Devices"
          aside={`${formatCount(now.round.devices.length)} asked in this round`}
          testId="run-devices"
        >
          <DeviceStates devices={now.round.devices} />
        </Card>
      )}
      <Card title="What it has learned" testId="run-results">
        <RunFacts run={run} totals={totals} />
        <RunPlot run={run} />
      </Card>
      {now && (
        <Card title="Refused messages" aside="since the last round was over">
          <Refusals facts={now.round?.facts ?? now.facts} />
        </Card>
      )}
      {run.rounds.length > 0 && <RunRounds run={run} totals={totals} />}
      <RunSettings config={run.config} />
      <CommandLine words={['run', unfinished ? 'watch' : 'show', run.run]} />
    </>
  );
}
