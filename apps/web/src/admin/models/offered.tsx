import { Link } from 'react-router';
import { command } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAction } from '../frame/action.ts';
import { useAdmin, useTask } from '../frame/context.ts';
import { modelPath } from './queries.ts';

/** Which version participants are offered, where that is not simply the latest. */
export function Offered({ pinned }: { pinned: string | null }) {
  const { id } = useTask();
  const { mayChange } = useAdmin();
  const { busy, refusal, run } = useAction();
  if (pinned === null) return null;
  const unpin = () => void run(() => command('PUT', `/api/admin/tasks/${id}/pin`, { model: null }));
  return (
    <Notice tone="calm" title="Participants are offered a pinned version" testId="offered">
      <p>
        It is{' '}
        <Link className="text-accent underline underline-offset-4" to={modelPath(id, pinned)}>
          {pinned.slice(0, 12)}
        </Link>
        , whatever later rounds publish. What is learned goes on from the run’s own model all the same.
      </p>
      {mayChange && (
        <Button className="mt-2" disabled={busy} onClick={unpin}>
          Offer the latest again
        </Button>
      )}
      {refusal && <p className="mt-2 font-medium text-bad">{refusal}</p>}
    </Notice>
  );
}
