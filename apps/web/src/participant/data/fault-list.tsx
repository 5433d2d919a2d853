import type { Fault, Faults } from '@sotto/learner/intake/fault';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatCount } from '../../ui/quantity.ts';
import type { Words } from '../../words/words.ts';
import { faultTable, faultWords } from './fault-words.ts';

const SHOWN = 10;

interface FaultListProps {
  faults: Faults;
  /** How many there were to read, if that is known. */
  total?: number;
  /** They could be used, and were. */
  used?: boolean;
}

/** What could not be used, or should be looked at, each with its reason: nothing is skipped without a word. */
export function FaultList({ faults, total, used = false }: FaultListProps) {
  const { t } = useTranslation('data');
  const [all, setAll] = useState(false);
  if (faults.count === 0) return null;
  const shown = all ? faults.first : faults.first.slice(0, SHOWN);
  const more = faults.count - shown.length;
  return (
    <Notice
      tone={used ? 'calm' : 'warn'}
      title={t(used ? 'faultList.hints' : 'faultList.title', {
        count: faults.count,
        number: formatCount(faults.count),
      })}
      testId={used ? 'hints' : 'faults'}
    >
      {total !== undefined && total > 1 && faults.count * 2 > total && <p className="mb-2">{t('faultList.most')}</p>}
      <ul className={`space-y-1 ${all ? 'max-h-96 overflow-y-auto' : ''}`} {...(all && { tabIndex: 0 })}>
        {shown.map((fault, i) => (
          <li key={i} className="[overflow-wrap:anywhere]">
            {faultWords(t, fault)}
          </li>
        ))}
      </ul>
      {more > 0 && <p className="mt-1 text-muted">{t('faultList.more', { count: more, number: formatCount(more) })}</p>}
      {faults.first.length > (used ? SHOWN : 1) && (
        <div className="mt-3 flex flex-wrap gap-2">
          {faults.first.length > SHOWN && (
            <Button onClick={() => setAll(!all)}>{all ? t('faultList.fewer') : t('faultList.all')}</Button>
          )}
          {!used && <Button onClick={() => download(t, faults.first)}>{t('faultList.download')}</Button>}
        </div>
      )}
    </Notice>
  );
}

function download(t: Words<'data'>, faults: readonly Fault[]): void {
  const url = URL.createObjectURL(new Blob([faultTable(t, faults)], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${t('faultList.file')}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}
