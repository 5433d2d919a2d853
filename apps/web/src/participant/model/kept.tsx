import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { formatBytes, formatDate } from '../../ui/quantity.ts';
import type { OwnModelUse } from './comparison/use-own-model.ts';

/** What of all this outlives the page, and how to be rid of it. */
export function Kept({ use: { state, forget } }: { use: OwnModelUse }) {
  const { t } = useTranslation('model');
  const { own, kept, problem } = state;
  const heading = useRef<HTMLHeadingElement>(null);
  const [deleted, setDeleted] = useState(false);
  return (
    <section aria-labelledby="model-kept" className="border-t border-line pt-5 text-sm" data-testid="model-kept">
      <h3 id="model-kept" ref={heading} tabIndex={-1} className="font-medium outline-none">
        {t('kept.title')}
      </h3>
      <div className="mt-1 flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <p className="max-w-xl text-muted">
          {own
            ? t(kept ? 'kept.own' : 'kept.unkept', { date: formatDate(own.at), size: formatBytes(own.model.length) })
            : t('kept.nothing')}
        </p>
        {own && (
          <ConfirmButton
            label={t('kept.delete')}
            title={t('kept.deleteTitle')}
            confirm={t('kept.deleteConfirm')}
            keep={t('kept.deleteKeep')}
            onConfirm={() => {
              setDeleted(true);
              void forget();
            }}
            // The button goes with what it deletes.
            finalFocus={heading}
          >
            {t('kept.deleteText')}
          </ConfirmButton>
        )}
      </div>
      <p role="status" className="mt-2 empty:hidden">
        {deleted && !own && t('kept.deleted')}
      </p>
      {problem?.of === 'deleting' && (
        <p role="alert" className="mt-2 font-medium text-bad">
          {t('kept.failed')}
        </p>
      )}
    </section>
  );
}
