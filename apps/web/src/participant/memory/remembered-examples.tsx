import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatBytes, formatDate } from '../../ui/quantity.ts';
import type { KeptExamples } from './example-store.ts';

interface RememberedExamplesProps {
  kept: KeptExamples;
  /** They are of the form the task has now. */
  fitting: boolean;
  busy: boolean;
  onUse: () => void;
  onForget: () => void;
}

/** What was left here before, and what may become of it. */
export function RememberedExamples({ kept, fitting, busy, onUse, onForget }: RememberedExamplesProps) {
  const { t } = useTranslation('memory');
  return (
    <Notice
      tone={fitting ? 'calm' : 'warn'}
      title={t('left', { count: kept.count, date: formatDate(kept.at) })}
      testId="remembered"
    >
      <p>{fitting ? t('leftHint', { size: formatBytes(kept.bytes) }) : t('leftUnfitting')}</p>
      <div className="mt-3 flex flex-wrap gap-3">
        {fitting && (
          <Button look="primary" disabled={busy} onClick={onUse}>
            {busy ? t('fetching') : t('use')}
          </Button>
        )}
        <Button disabled={busy} onClick={onForget}>
          {t('forget')}
        </Button>
      </div>
    </Notice>
  );
}
