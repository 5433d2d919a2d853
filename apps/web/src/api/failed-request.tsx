import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

/** A page's content when what it shows could not be fetched. */
export function FailedRequest({ error, retry, retrying }: { error: Error; retry: () => void; retrying: boolean }) {
  return (
    <div data-testid="failed-request" className="space-y-4">
      <Notice tone="bad" title={error.message}>
        If it goes on, ask whoever runs this study whether the coordinator is up.
      </Notice>
      <Button look="primary" onClick={retry} disabled={retrying}>
        {retrying ? 'Trying …' : 'Try again'}
      </Button>
    </div>
  );
}
