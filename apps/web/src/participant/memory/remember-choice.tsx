import type { Dataset } from '@sotto/learner/dataset';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatBytes, formatDate } from '../../ui/quantity.ts';
import type { ExampleMemory, MemoryState } from './example-memory.ts';
import { bytesOf } from './example-store.ts';

interface RememberChoiceProps {
  memory: ExampleMemory;
  state: MemoryState;
  data: Dataset;
}

/** Whether this browser keeps the chosen examples. Off until somebody says so. */
export function RememberChoice({ memory, state, data }: RememberChoiceProps) {
  const { t } = useTranslation('memory');
  const id = useId();
  const { kept, following, replacing, problem, lasting } = state;
  return (
    <div className="text-sm" data-testid="remember">
      <label htmlFor={id} className="flex min-h-10 cursor-pointer items-center gap-3 font-medium">
        <input
          id={id}
          type="checkbox"
          className="size-4 shrink-0 accent-accent"
          checked={following}
          aria-describedby={`${id}-hint`}
          onChange={({ target }) => void (target.checked ? memory.follow(data) : memory.forget())}
        />
        {t('remember')}
      </label>
      <p id={`${id}-hint`} className="pl-7 text-muted">
        {t('rememberHint', { size: formatBytes(bytesOf(data)) })}
      </p>
      <p
        role="status"
        className="mt-2 pl-7 text-muted empty:hidden"
        data-kept={following && !state.busy && kept !== null}
      >
        {following &&
          (state.busy
            ? t('keeping')
            : kept && `${t('kept', { date: formatDate(kept.at) })} ${lasting === false ? t('mayBeCleared') : ''}`)}
      </p>
      {replacing && kept && (
        <div className="mt-2">
          <Notice
            tone="warn"
            title={t('replace.there', { count: kept.count, date: formatDate(kept.at) })}
            testId="replacing"
          >
            <p>{t('replace.hint')}</p>
            <div className="mt-3 flex flex-wrap gap-3">
              <Button onClick={memory.spare}>{t('replace.keep')}</Button>
              <Button look="danger" onClick={() => void memory.replace()}>
                {t('replace.now')}
              </Button>
            </div>
          </Notice>
        </div>
      )}
      {problem && (
        <div className="mt-2">
          <Notice tone="bad" title={t(problem === 'full' ? 'full' : 'failed', { size: formatBytes(bytesOf(data)) })}>
            {t(problem === 'full' ? 'fullHint' : 'failedHint')}
          </Notice>
        </div>
      )}
    </div>
  );
}
