import type { LedgerEntry, LedgerPlace } from '@sotto/participant/ledger';
import type { Rejection } from '@sotto/protocol/rejection';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { problemOf } from '../../words/problem.ts';
import { ledgerCsv, ledgerLines } from './ledger-files.ts';

interface LedgerDownloadProps {
  place: LedgerPlace;
  device: string | null;
}

/** The whole list, read from this device's storage when it is asked for. */
export function LedgerDownload({ place, device }: LedgerDownloadProps) {
  const { t } = useTranslation('ledger');
  const [problem, setProblem] = useState<Rejection | null>(null);
  async function download(
    ending: string,
    type: string,
    write: (task: string, entries: readonly LedgerEntry[]) => string,
  ) {
    try {
      const { readMessages } = await import('@sotto/participant/records.browser');
      saveFile(`sotto-${place.task}-messages.${ending}`, type, write(place.task, await readMessages(device, place)));
      setProblem(null);
    } catch (error) {
      setProblem(problemOf(error));
    }
  }
  return (
    <div className="mt-3">
      <p className="flex flex-wrap items-center gap-2 text-sm text-muted">
        {t('download')}
        <Button onClick={() => void download('csv', 'text/csv', ledgerCsv)}>{t('downloadCsv')}</Button>
        <Button onClick={() => void download('jsonl', 'application/jsonl', ledgerLines)}>{t('downloadLines')}</Button>
      </p>
      {problem && <ProblemNotice title={t('downloadFailed')} problem={problem} />}
    </div>
  );
}
