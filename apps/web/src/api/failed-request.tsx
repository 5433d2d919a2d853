import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';

interface FailedRequestProps {
  error: Error;
  query: { refetch: () => Promise<unknown>; isFetching: boolean };
}

/** In the place of what could not be fetched. */
export function FailedRequest({ error, query: { refetch, isFetching } }: FailedRequestProps) {
  return (
    <div data-testid="failed-request" className="space-y-4">
      <Notice tone="bad" title={error.message}>
        If it goes on, ask whoever runs this study whether the coordinator is up.
      </Notice>
      <Button look="primary" onClick={() => void refetch()} disabled={isFetching}>
        {isFetching ? 'Trying …' : 'Try again'}
      </Button>
    </div>
  );
}

/** A whole page of that. */
export function UnreachablePage(props: FailedRequestProps) {
  return (
    <main className="mx-auto max-w-2xl px-5 py-12">
      <PageTitle>The coordinator cannot be reached</PageTitle>
      <div className="mt-6">
        <FailedRequest {...props} />
      </div>
    </main>
  );
}
