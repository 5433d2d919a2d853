import { useEffect, useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { Card } from '../../ui/card.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { formatBytes, formatMinute } from '../../ui/quantity.ts';
import type { Duty } from '../duty.ts';
import { type BusyTabs, findBusyTabs } from './busy-tabs.ts';

interface KeptHereProps {
  joined: boolean;
  /** This tab's. */
  duty: Duty | null;
  /** Changes when something was kept or deleted. */
  event: unknown;
  onForget: () => void;
}

const GOING = ['examples', 'keys', 'records', 'models', 'choices', 'offline'] as const;

/** What this browser keeps of the page, and the way to delete all of it. */
export function KeptHere({ joined, duty: ownDuty, event, onForget }: KeptHereProps) {
  const { t } = useTranslation('memory');
  const [tabs, setTabs] = useState<BusyTabs | null>(null);
  const duty = ownDuty ?? tabs?.duty ?? null;
  const usage = useUsage(event);
  return (
    <Card
      title={t('here')}
      aside={usage === null || usage === 0 ? undefined : t('usage', { size: formatBytes(usage) })}
      testId="kept-here"
    >
      <p className="max-w-prose text-sm text-muted">{t('hereHint')}</p>
      <div className="mt-4">
        <ConfirmButton
          label={t('forgetAll')}
          title={t('forgetAllTitle')}
          confirm={duty ? t('forgetAllDuty') : t('forgetAllConfirm')}
          keep={t('keepAll')}
          onConfirm={onForget}
          onAsk={() => void findBusyTabs().then(setTabs)}
        >
          {duty && (
            <span
              className="mb-3 block rounded-xl border border-bad/40 bg-bad-soft px-4 py-3 text-ink"
              data-testid="forget-duty"
            >
              {t(`${ownDuty ? 'duty' : 'dutyElsewhere'}.${duty.place}`, { time: formatMinute(duty.until) })}
            </span>
          )}
          {!duty && (joined || tabs?.takePart) && (
            <span className="mb-3 block" data-testid="forget-leaves">
              {t(joined ? 'leavesFirst' : 'leavesElsewhere')}
            </span>
          )}
          <span className="block">{t('going')}</span>
          {GOING.map((what) => (
            <span key={what} className="mt-1.5 block pl-4 -indent-4">
              • <Trans t={t} i18nKey={`goes.${what}`} components={{ b: <strong className="text-ink" /> }} />
            </span>
          ))}
          <span className="mt-3 block">{t('staying')}</span>
        </ConfirmButton>
      </div>
    </Card>
  );
}

/** Bytes this origin takes up in the browser; null where the browser does not say. */
function useUsage(event: unknown): number | null {
  const [usage, setUsage] = useState<number | null>(null);
  useEffect(() => {
    let current = true;
    void navigator.storage?.estimate?.().then(
      ({ usage: bytes = null }) => current && setUsage(bytes),
      () => {},
    );
    return () => {
      current = false;
    };
  }, [event]);
  return usage;
}
