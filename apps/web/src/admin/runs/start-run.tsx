import { RunSummary } from '@sotto/protocol/run';
import type { TaskView } from '@sotto/protocol/views';
import { useState } from 'react';
import { request } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { ChoiceField, TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAction } from '../frame/action.ts';

/** The chance that more becomes known than ε says: small beside one in the number of people. */
const DELTA = 0.00001;

/** The settings of a run; what is left out of the form the coordinator takes from the task. */
export function StartRun({ view: { task, studyKey } }: { view: TaskView }) {
  const floor = task.privacy.minimumCohort;
  const [rounds, setRounds] = useState(String(task.rounds));
  const [least, setLeast] = useState(String(floor));
  const [minimum, setMinimum] = useState(String(floor));
  const [minutes, setMinutes] = useState('15');
  const [epsilon, setEpsilon] = useState('');
  const [committee, setCommittee] = useState<'drawn' | 'named'>('drawn');
  const { busy, refusal, run } = useAction();

  function start(): Promise<boolean> {
    return run(() =>
      request(RunSummary, 'POST', '/api/admin/runs', {
        task: task.id,
        rounds: Number(rounds),
        cohort: { least: Number(least) },
        minimumCohort: Number(minimum),
        committee,
        ...(epsilon !== '' && { dp: { epsilon: Number(epsilon), delta: DELTA, contributors: Number(minimum) } }),
        durations: { uploadMs: Math.round(Number(minutes) * 60_000) },
      }),
    );
  }

  return (
    <Card title="Start a run" testId="start-run">
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <TextField
          label="Rounds"
          type="number"
          min={1}
          max={100_000}
          required
          value={rounds}
          onChange={(event) => setRounds(event.target.value)}
        />
        <TextField
          label="Devices to wait for"
          hint="A round begins once so many are here."
          type="number"
          min={floor}
          required
          value={least}
          onChange={(event) => setLeast(event.target.value)}
        />
        <TextField
          label="Fewest updates to open"
          hint={`A sum of fewer is never opened. This task allows ${floor} at the least.`}
          type="number"
          min={floor}
          max={least}
          required
          value={minimum}
          onChange={(event) => setMinimum(event.target.value)}
        />
        <ChoiceField
          label="Committee"
          hint={
            committee === 'drawn'
              ? 'Protects against a coordinator that follows the protocol only.'
              : 'Devices with a certificate of the study key for the committee (sotto study certify).'
          }
          value={committee}
          onChange={(event) => setCommittee(event.target.value === 'named' ? 'named' : 'drawn')}
        >
          <option value="drawn">drawn from those present longest</option>
          <option value="named" disabled={studyKey === null}>
            named: certified devices{studyKey === null && ' (needs SOTTO_STUDY_KEY)'}
          </option>
        </ChoiceField>
        <TextField
          label="Minutes to learn and send"
          hint="Devices that are slower miss the round."
          type="number"
          min={0.1}
          max={1440}
          step="any"
          required
          value={minutes}
          onChange={(event) => setMinutes(event.target.value)}
        />
        <TextField
          label="Privacy budget ε"
          hint={`Empty: no noise. Otherwise every device adds some, so that the whole run tells little of any one (δ = ${DELTA}). The smaller, the better hidden, and the less the model learns.`}
          type="number"
          min={0.01}
          max={1000}
          step="any"
          value={epsilon}
          onChange={(event) => setEpsilon(event.target.value)}
        />
        {refusal && <Notice tone="bad" title={refusal} />}
        <Button type="submit" look="primary" disabled={busy} className="w-full">
          {busy ? 'Starting …' : 'Start the run'}
        </Button>
      </form>
    </Card>
  );
}
