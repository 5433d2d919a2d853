import type { TaskEntry } from '@sotto/protocol/admin/overview';
import { command } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAction } from '../frame/action.ts';
import { CommandLine } from '../frame/command-line.tsx';

/** Archives a task, or takes it out again: nothing of it is ever deleted. */
export function PuttingAway({ task: { id, archived } }: { task: TaskEntry }) {
  const { busy, refusal, run } = useAction();
  const what = archived ? 'restore' : 'archive';
  return (
    <Card title={archived ? 'This task is archived' : 'Put the task away'} testId="putting-away">
      <p className="text-sm text-muted">
        {archived
          ? 'Nobody takes part in it, and no run begins. Runs, models and evidence are all here.'
          : 'Then nobody takes part any more and no run begins. Runs, models and evidence stay, and it can be restored.'}
      </p>
      {refusal && (
        <div className="mt-4">
          <Notice tone="bad" title={refusal} />
        </div>
      )}
      <div className="mt-4 space-y-4">
        <Button
          look={archived ? 'primary' : 'plain'}
          disabled={busy}
          onClick={() => void run(() => command('POST', `/api/admin/tasks/${id}/${what}`))}
        >
          {archived ? 'Restore' : 'Archive'}
        </Button>
        <CommandLine words={['task', what, id]} />
      </div>
    </Card>
  );
}
