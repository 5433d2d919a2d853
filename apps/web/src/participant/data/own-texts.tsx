import { otherNames } from '@sotto/learner/table/layout';
import type { TextTask } from '@sotto/learner/text/reading';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { formatCount } from '../../ui/quantity.ts';
import { taskWords } from '../../words/task-words.ts';
import { useLanguage } from '../../words/words.ts';
import { ClassCounts } from './class-counts.tsx';
import { FaultList } from './fault-list.tsx';
import { FileDrop } from './file-drop.tsx';
import type { SourceProps } from './source.ts';
import { TextBox } from './text-box.tsx';
import { useTexts } from './use-texts.ts';

const SHOWN = 20;

/** The person's own texts: written or pasted here, or from files with one text each. */
export function OwnTexts({ task, onChange }: SourceProps) {
  const { t } = useTranslation('data');
  const { classes } = taskWords(task, useLanguage());
  const textTask: TextTask = useMemo(
    () => ({ input: task.input.text!, classes: task.classes, names: otherNames(task).classes }),
    [task],
  );
  const { data, listed, faults, ended, progress, problem, add, remove, clear, stop } = useTexts(textTask, onChange);
  const [shown, setShown] = useState(SHOWN);
  const [chosen, setChosen] = useState('');
  const label = chosen === '' ? null : Number(chosen);
  return (
    <div className="space-y-6">
      <TextBox
        classes={classes}
        limit={textTask.input.maxCharacters}
        busy={progress !== null}
        onAdd={(text, label) => add([{ path: t('texts.written'), file: new Blob([text]), label }], true)}
      />
      <FileDrop
        label={t('texts.choose')}
        accept=".txt,.md,.eml,.mbox,text/plain,message/rfc822,application/mbox"
        folders
        disabled={progress !== null}
        onFiles={(files) => void add(files.map((file) => ({ ...file, label })))}
      >
        <p>{t('texts.how', { classes: classes.join(', ') })}</p>
        <label className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-ink">
          {t('texts.are')}
          <select
            value={chosen}
            onChange={(event) => setChosen(event.target.value)}
            className="min-h-10 rounded-lg border border-line-strong bg-surface px-3"
          >
            <option value="">{t('texts.byName')}</option>
            {classes.map((name, i) => (
              <option key={name} value={i}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </FileDrop>
      {progress && progress.total > 1 && (
        <div className="flex items-center gap-4">
          <div className="min-w-0 flex-1">
            <ProgressBar label={t('texts.reading')} value={progress.done / progress.total} />
          </div>
          <Button onClick={stop}>{t('texts.stop')}</Button>
        </div>
      )}
      {(ended.unread > 0 || ended.guessed > 0) && (
        <div className="space-y-1 text-sm text-muted" role="status" data-testid="reading-ended">
          {ended.unread > 0 && <p>{t('texts.unread', { count: ended.unread, number: formatCount(ended.unread) })}</p>}
          {ended.guessed > 0 && (
            <p>{t('texts.guessed', { count: ended.guessed, number: formatCount(ended.guessed) })}</p>
          )}
        </div>
      )}
      {problem && <ProblemNotice title={t('texts.problem')} problem={problem} />}
      <FaultList faults={faults} />
      {data && (
        <div className="space-y-4">
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p data-testid="data-ready" className="font-medium">
              {t('texts.ready', { count: listed.length, number: formatCount(listed.length) })}
            </p>
            <Button onClick={clear}>{t('texts.clear')}</Button>
          </div>
          <ul aria-label={t('texts.label')} className="divide-y divide-line rounded-lg border border-line text-sm">
            {listed.slice(0, shown).map(({ id, beginning }, i) => (
              <li key={id} className="flex items-center gap-3 py-1 pr-1 pl-3">
                <span className="shrink-0 rounded-full bg-sunken px-2.5 py-0.5 font-medium">
                  {classes[data.labels[i]!]}
                </span>
                <span className="min-w-0 flex-1 truncate text-muted">{beginning}</span>
                <Button
                  look="quiet"
                  aria-label={t('texts.remove', { text: beginning.slice(0, 40) })}
                  onClick={() => remove(id)}
                >
                  <span aria-hidden="true">✕</span>
                </Button>
              </li>
            ))}
          </ul>
          {listed.length > shown && (
            <Button onClick={() => setShown(shown + SHOWN)}>
              {t('texts.more', { count: listed.length - shown, number: formatCount(listed.length - shown) })}
            </Button>
          )}
          <ClassCounts classes={classes} labels={data.labels} />
        </div>
      )}
    </div>
  );
}
