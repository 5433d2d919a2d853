import type { LiveView } from '@sotto/protocol/admin/live';
import type { RunSummary } from '@sotto/protocol/run';
import { Link } from 'react-router';
import { command } from '../../api/request.ts';
import { Button, buttonLook } from '../../ui/button.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAction } from '../frame/action.ts';
import { useAdmin } from '../frame/context.ts';

/** What can be done to a run. A viewer is offered nothing that changes it. */
export function RunActions({ run, live }: { run: RunSummary; live: LiveView | null }) {
  const { mayChange } = useAdmin();
  const { busy, refusal, run: act } = useAction();
  const path = `/api/admin/runs/${run.run}`;
  const unfinished = run.state === 'running' || run.state === 'paused';
  const pause = (now: boolean) => void act(() => command('POST', `${path}/pause`, { now }));
  return (
    <>
      {mayChange && (
        <Link to={`/admin/t/${run.task}/launch?clone=${run.run}`} className={buttonLook()} data-testid="clone">
          Clone
        </Link>
      )}
      {unfinished && (
        <fieldset disabled={!mayChange || busy} className="flex flex-wrap gap-3">
          {run.state === 'paused' ? (
            <Button look="primary" onClick={() => void act(() => command('POST', `${path}/resume`))}>
              Resume
            </Button>
          ) : (
            <Button onClick={() => pause(false)} title="The round under way is finished; no other begins">
              Pause
            </Button>
          )}
          {live?.round && (
            <ConfirmButton
              label="Pause at once"
              title="Give up this round and pause?"
              confirm="Give it up and pause"
              keep="Let it go on"
              onConfirm={() => pause(true)}
            >
              What devices have learned in this round is thrown away, and nothing of it is opened. The run can be
              resumed; its next round asks devices anew.
            </ConfirmButton>
          )}
          <ConfirmButton
            label="Stop the run"
            title="Stop this run?"
            confirm="Stop it"
            keep="Keep it"
            onConfirm={() => void act(() => command('POST', `${path}/stop`))}
          >
            The present round is given up; nothing of it is opened. Rounds that are published stay. A stopped run cannot
            be continued, but another can be cloned from it.
          </ConfirmButton>
        </fieldset>
      )}
      {refusal && <Notice tone="bad" title={refusal} />}
    </>
  );
}
