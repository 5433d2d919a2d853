import { useState } from 'react';
import { command } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { ChoiceField, TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatPlural } from '../../ui/quantity.ts';
import { useAction } from '../frame/action.ts';
import { CommandLine } from '../frame/command-line.tsx';

/** Headless participants on the coordinator's own machine, with parts of the sample data: to try things out. */
export function LocalDevices({ task, running }: { task: string; running: number }) {
  const [count, setCount] = useState('3');
  const [shard, setShard] = useState('iid');
  const { busy, refusal, run } = useAction();
  return (
    <Card title="Devices on this machine" testId="local-devices">
      <p className="text-sm text-muted">
        To try things out: headless devices beside the coordinator, each with a part of the sample data.
      </p>
      <form
        className="mt-4 space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          void run(() => command('POST', '/api/admin/devices', { task, count: Number(count), shard }));
        }}
      >
        <div className="grid grid-cols-2 gap-4">
          <TextField
            label="How many"
            type="number"
            min={1}
            max={64}
            required
            value={count}
            onChange={(event) => setCount(event.target.value)}
          />
          <ChoiceField label="Their examples" value={shard} onChange={(event) => setShard(event.target.value)}>
            <option value="iid">a random mix</option>
            <option value="label">few classes each</option>
          </ChoiceField>
        </div>
        {refusal && <Notice tone="bad" title={refusal} />}
        <div className="flex flex-wrap gap-3">
          <Button type="submit" disabled={busy}>
            {busy ? 'Working …' : 'Add devices'}
          </Button>
          {running > 0 && (
            <Button
              look="quiet"
              disabled={busy}
              onClick={() => void run(() => command('DELETE', '/api/admin/devices'))}
            >
              Stop all {formatPlural(running, 'device')}
            </Button>
          )}
        </div>
        <CommandLine
          words={['device', 'launch', task, '--count', count, ...(shard === 'iid' ? [] : ['--by', shard])]}
        />
      </form>
    </Card>
  );
}
