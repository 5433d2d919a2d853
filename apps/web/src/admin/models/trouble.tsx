import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';

/** What could not be fetched, and why. */
export function Trouble({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <Notice tone="bad" title={error.message} testId="trouble">
      <Button className="mt-2" onClick={onRetry}>
        Try again
      </Button>
    </Notice>
  );
}
