import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { newVersion } from './new-version.ts';

interface NewVersionNoticeProps {
  /** This page takes part. */
  busy: boolean;
  /** There are examples chosen on it, which it may lose. */
  examples: boolean;
}

/** Says that there is a newer page, and loads it when asked to; while this one takes part, it only says so. */
export function NewVersionNotice({ busy, examples }: NewVersionNoticeProps) {
  const { t } = useTranslation('shell');
  const there = useSyncExternalStore(newVersion.subscribe, newVersion.isThere);
  if (!there) return null;
  return (
    <div className="mb-8">
      <Notice tone="calm" title={t('version.title')} testId="new-version">
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <p>{t(busy ? 'version.busy' : examples ? 'version.examples' : 'version.free')}</p>
          {!busy && <Button onClick={() => location.reload()}>{t('version.take')}</Button>}
        </div>
      </Notice>
    </div>
  );
}
