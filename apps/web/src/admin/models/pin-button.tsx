import type { ModelDetail } from '@sotto/protocol/admin/models';
import { command } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { useAction } from '../frame/action.ts';
import { CommandLine } from '../frame/command-line.tsx';
import { useAdmin, useTask } from '../frame/context.ts';

/** Makes it the version that participants are offered, or lets them have the latest again. */
export function PinButton({ detail: { version, pinned } }: { detail: ModelDetail }) {
  const { id } = useTask();
  const { mayChange } = useAdmin();
  const { busy, refusal, run } = useAction();
  const { model, transcript } = version;
  const pin = () => void run(() => command('PUT', `/api/admin/tasks/${id}/pin`, { model: pinned ? null : model }));
  return (
    <Card title="For participants" testId="pin">
      <p className="text-sm text-muted">
        {pinned
          ? 'Participants are offered this version to use, whatever later rounds publish.'
          : transcript === null
            ? 'Nobody has contributed to these weights, so that there is nothing to offer.'
            : 'Participants are offered the latest version to use, or the one you pin. Learning goes on all the same.'}
      </p>
      {(pinned || transcript !== null) && (
        <div className="mt-4 space-y-3">
          {mayChange && (
            <Button disabled={busy} onClick={pin}>
              {pinned ? 'Offer the latest again' : 'Pin this version'}
            </Button>
          )}
          {refusal && <p className="text-sm font-medium text-bad">{refusal}</p>}
          <CommandLine words={pinned ? ['model', 'pin', id, '--none'] : ['model', 'pin', id, model.slice(0, 12)]} />
        </div>
      )}
    </Card>
  );
}
