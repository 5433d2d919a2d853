import { type LedgerPlace, NATURES } from '@sotto/participant/ledger';
import type { Records } from '@sotto/participant/records.browser';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { askedStore } from '../../api/asked.ts';
import { Card } from '../../ui/card.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { formatBytes, formatClock, formatCount, formatDate } from '../../ui/quantity.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { LedgerDownload } from './ledger-download.tsx';
import { groupLedger, type LedgerGroup } from './ledger-groups.ts';

interface LedgerProps {
  place: LedgerPlace;
  device: string | null;
  records: Records;
}

/** Every message that left the device, with sizes and digests, over all visits. */
export function Ledger({ place, device, records: { totals, latest } }: LedgerProps) {
  const { t } = useTranslation('ledger');
  const sums = NATURES.map((nature) => totals[nature]);
  const messages = sums.reduce((sum, total) => sum + total.messages, 0);
  const bytes = sums.reduce((sum, total) => sum + total.bytes, 0);
  return (
    <Card
      title={t('title')}
      testId="ledger"
      aside={
        <span data-testid="ledger-total" data-bytes={bytes} data-messages={messages}>
          {t('total', { count: messages, size: formatBytes(bytes) })}
        </span>
      }
    >
      {messages === 0 ? (
        <p className="text-muted">{t('none')}</p>
      ) : (
        <>
          <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
            {NATURES.map((nature) => (
              <div key={nature} title={t(`natureMeaning.${nature}`)}>
                <dt className="text-sm text-muted">{t(`natures.${nature}`)}</dt>
                <dd className="font-semibold">{formatBytes(totals[nature].bytes)}</dd>
              </div>
            ))}
          </dl>
          <p className="mt-4 text-sm">{t('promise')}</p>
          <details className="mt-4" open>
            <summary className="py-2 text-sm font-medium">{t('messages')}</summary>
            <ScrollRegion label={t('messagesLabel')} className="mt-1 max-h-96 rounded-lg border border-line">
              <ol className="divide-y divide-line text-sm">
                {groupLedger(latest).map((group) => (
                  <Message key={`${group.first.at}/${group.first.digest}`} group={group} />
                ))}
              </ol>
            </ScrollRegion>
            {messages > latest.length && (
              <p className="mt-2 text-sm text-muted">
                {t('latestOnly', { count: latest.length, all: formatCount(messages) })}
              </p>
            )}
          </details>
          <LedgerDownload place={place} device={device} />
        </>
      )}
      <details className="mt-2 text-sm">
        <summary className="py-2 text-muted">{t('covers')}</summary>
        <p className="mt-1 text-muted">{t('coversText')}</p>
      </details>
      <AskedFor />
    </Card>
  );
}

/** What the page asked for by its address; such a request has no content. */
function AskedFor() {
  const { t } = useTranslation('ledger');
  const asked = useSyncExternalStore(askedStore.subscribe, askedStore.asked);
  const times = asked.reduce((sum, { count }) => sum + count, 0);
  return (
    <details className="text-sm" data-testid="asked">
      <summary className="py-2 text-muted">{t('asked', { count: times })}</summary>
      <p className="mt-1 text-muted">{t('askedText')}</p>
      <ScrollRegion label={t('askedLabel')} className="mt-3 max-h-60 rounded-lg border border-line">
        <ul className="divide-y divide-line text-muted">
          {asked.toReversed().map(({ at, path, count }) => (
            <li key={path} className="flex gap-3 px-3 py-1.5" data-path={path} data-count={count}>
              <span className="shrink-0">{formatClock(at)}</span>
              <span className="min-w-0 break-all font-mono text-[0.88em]">{path}</span>
              {count > 1 && <span className="ml-auto shrink-0">{t('times', { count })}</span>}
            </li>
          ))}
        </ul>
      </ScrollRegion>
    </details>
  );
}

function Message({ group: { first, count, bytes } }: { group: LedgerGroup }) {
  const { t } = useTranslation('ledger');
  return (
    <li className="px-3 py-2.5" data-testid="ledger-entry" data-message={first.name}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="font-medium">
          {t(`what.${first.name}`)}
          {count > 1 && <span className="font-normal text-muted"> {t('times', { count })}</span>}
        </p>
        <p className="whitespace-nowrap">{formatBytes(bytes)}</p>
      </div>
      <p className="text-muted">{t(`meaning.${first.name}`)}</p>
      <p className="mt-0.5 flex flex-wrap gap-x-3 text-[0.92em] text-muted">
        <span>{isToday(first.at) ? formatClock(first.at) : formatDate(first.at)}</span>
        {first.round !== null && <span>{t('round', { round: first.round })}</span>}
        <span>{t(`natures.${first.nature}`)}</span>
        <span>
          {t('digest')} <Fingerprint of={first.digest} groups={2} />
          {count > 1 && ' …'}
        </span>
      </p>
    </li>
  );
}

function isToday(at: number): boolean {
  return new Date(at).toDateString() === new Date().toDateString();
}
