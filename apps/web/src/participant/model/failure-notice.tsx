import { useTranslation } from 'react-i18next';
import { OutdatedPageError } from '../../pwa/new-version.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { describeFailure } from './failure.ts';

interface FailureNoticeProps {
  error: unknown;
  onRetry?: () => void;
}

export function FailureNotice({ error, onRetry }: FailureNoticeProps) {
  const { t } = useTranslation('model');
  if (error instanceof OutdatedPageError)
    return <ProblemNotice problem={{ rejected: error.code, message: error.message }} testId="model-failure" />;
  const { title, todo } = describeFailure(t, error);
  return (
    <Notice tone="bad" title={title} testId="model-failure">
      <p>{todo}</p>
      {onRetry && (
        <Button className="mt-3" onClick={onRetry}>
          {t('retry')}
        </Button>
      )}
    </Notice>
  );
}
