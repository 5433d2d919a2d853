import type { ModelDetail } from '@sotto/protocol/admin/models';
import { RunSummary } from '@sotto/protocol/run';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { request } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { TextField } from '../../ui/field.tsx';
import { useAction } from '../frame/action.ts';
import { CommandLine } from '../frame/command-line.tsx';
import { useAdmin, useTask } from '../frame/context.ts';

const MOST_ROUNDS = 100_000;

/** Rolls back: starts a run that goes on from this version. */
export function GoOn({ detail: { version, fits } }: { detail: ModelDetail }) {
  const { id, run: latest } = useTask();
  const { mayChange } = useAdmin();
  const { busy, refusal, run } = useAction();
  const [rounds, setRounds] = useState('');
  const navigate = useNavigate();
  const count = rounds === '' ? null : Number(rounds);
  const fault =
    count !== null && !(Number.isInteger(count) && count >= 1 && count <= MOST_ROUNDS)
      ? `A whole number from 1 to ${MOST_ROUNDS}, or nothing.`
      : undefined;
  const unfinished = latest?.state === 'running' || latest?.state === 'paused';
  const asked = { task: id, startFrom: version.model, ...(count !== null && { rounds: count }) };
  const start = () =>
    void run(() => request(RunSummary, 'POST', '/api/admin/runs', asked)).then(
      (done) => done && navigate(`/admin/t/${id}`),
    );
  return (
    <Card title="Go on from here" testId="go-on">
      <p className="text-sm text-muted">
        A new run begins with this version: to roll back, or to try other settings from the same start. What came after
        it is kept. Its privacy budget, where it has one, comes on top of what earlier runs have spent.
      </p>
      {!fits ? (
        <p className="mt-3 text-sm text-warn">
          It has another architecture than the task has now, so that no run can go on from it.
        </p>
      ) : unfinished ? (
        <p className="mt-3 text-sm">
          A run is {latest.state}.{' '}
          <Link className="text-accent underline underline-offset-4" to={`/admin/t/${id}`}>
            Stop it first
          </Link>
          .
        </p>
      ) : (
        <fieldset disabled={!mayChange} className="mt-4 min-w-0 space-y-3">
          <TextField
            label="Rounds"
            inputMode="numeric"
            value={rounds}
            placeholder="as the task says"
            error={fault}
            onChange={({ target }) => setRounds(target.value.trim())}
          />
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Button look="primary" disabled={busy || fault !== undefined} onClick={start}>
              Start a run from here
            </Button>
            {mayChange && (
              <Link
                className="text-sm text-accent underline underline-offset-4"
                to={`/admin/t/${id}/launch?from=${version.model}`}
              >
                With other settings
              </Link>
            )}
          </div>
          {refusal && <p className="text-sm font-medium text-bad">{refusal}</p>}
        </fieldset>
      )}
      <div className="mt-4">
        <CommandLine
          words={[
            'model',
            'rollback',
            id,
            version.model.slice(0, 12),
            ...(count !== null && fault === undefined ? ['--rounds', count] : []),
          ]}
        />
      </div>
    </Card>
  );
}
