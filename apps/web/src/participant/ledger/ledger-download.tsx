import type { LedgerEntry, LedgerPlace } from '@sotto/participant/ledger';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { ledgerCsv, ledgerLines } from './ledger-files.ts';

interface LedgerDownloadProps {
  place: LedgerPlace;
  device: string | null;
}

/** The whole list, read from this device's storage when it is asked for. */
export function LedgerDownload({ place, device }: LedgerDownloadProps) {
  const { t } = useTranslation('ledger');
  const [problem, setProblem] = useState<string | null>(null);
  async function download(
    ending: string,
    type: string,
    write: (task: string, entries: readonly LedgerEntry[]) => string,
  ) {
    try {
      const { readMessages } = await import('@sotto/participant/records.browser');
      save(`sotto-${place.task}-messages.${ending}`, type, write(place.task, await readMessages(device, place)));
      setProblem(null);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  }
  return (
    <div className="mt-3">
      <p className="flex flex-wrap items-center gap-2 text-sm text-muted">
        {t('download')}
        <Button onClick={() => void download('csv', 'text/csv', ledgerCsv)}>{t('downloadCsv')}</Button>
        <Button onClick={() => void download('jsonl', 'application/jsonl', ledgerLines)}>{t('downloadLines')}</Button>
      </p>
      <p role="status" className="text-sm text-warn">
        {problem !== null && t('downloadFailed', { why: problem })}
      </p>
    </div>
  );
}

function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
