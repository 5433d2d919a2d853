import { joinFaults } from '@sotto/learner/intake/fault';
import { classOfPath, listClasses } from '@sotto/learner/intake/pictures/classes';
import { unlabelledFaults } from '@sotto/learner/intake/pictures/reading';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { formatCount } from '../../ui/quantity.ts';
import { ClassChoice } from './class-choice.tsx';
import { FaultList } from './fault-list.tsx';
import { FileDrop } from './file-drop.tsx';
import { LabelTableForm } from './label-table-form.tsx';
import type { PictureFilesInUse } from './use-picture-files.ts';

/** Listed one by one, so that an iPhone hands over its HEIC photos as JPEG. */
const ACCEPT = 'image/png,image/jpeg,image/webp,image/gif,image/bmp,image/avif,.csv,.tsv';

interface PictureFilesProps {
  /** What folders, files and tables call the classes: the task's own names. */
  names: readonly string[];
  /** The classes in the person's language. */
  classes: readonly string[];
  files: PictureFilesInUse;
}

/** Pictures from files, their classes told by folder, name, table or hand. */
export function PictureFiles({ names, classes, files }: PictureFilesProps) {
  const { t } = useTranslation('data');
  const [chosenClass, setChosenClass] = useState('');
  const classSelect = useId();
  const restSelect = useId();
  const { reading, problem, faults, hints, unlabelled, asking, told, unread } = files;
  // Names that merely count are taken for classes only by whoever knows better.
  const namesTell = unlabelled.some(({ path }) => classOfPath(path, names) !== null);
  const listed = listClasses(names);
  return (
    <div className="space-y-5">
      <FileDrop
        label={t('images.choose')}
        accept={ACCEPT}
        folders
        disabled={reading !== null}
        onFiles={(added) => void files.add(added, chosenClass === '' ? null : Number(chosenClass))}
      >
        <p>{t('images.how', { classes: listed, example: `${names[0]}_photo.png` })}</p>
        <p className="mt-1">{t('images.table')}</p>
      </FileDrop>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
        <label htmlFor={classSelect}>{t('images.show')}</label>
        <ClassChoice
          classes={classes}
          id={classSelect}
          value={chosenClass}
          onChange={(event) => setChosenClass(event.target.value)}
        >
          <option value="">{t('images.byName')}</option>
        </ClassChoice>
      </div>
      {reading && (
        <div className="flex items-center gap-4" data-testid="reading">
          <div className="min-w-0 flex-1">
            <ProgressBar label={t('images.reading')} value={reading.total ? reading.done / reading.total : 1} />
            <p className="mt-1.5 text-sm text-muted">
              {t('images.progress', { done: formatCount(reading.done), total: formatCount(reading.total) })}
            </p>
          </div>
          <Button onClick={files.stop}>{t('images.stop')}</Button>
        </div>
      )}
      {!reading && (told !== null || unread > 0) && (
        <div className="space-y-1 text-sm text-muted" role="status" data-testid="reading-ended">
          {told && <p className="[overflow-wrap:anywhere]">{t('labels.told', { ...told })}</p>}
          {unread > 0 && <p>{t('images.unread', { count: unread, number: formatCount(unread) })}</p>}
        </div>
      )}
      {problem && <ProblemNotice title={t('images.problem')} problem={problem} testId="intake-problem" />}
      {asking && (
        <LabelTableForm
          key={asking.table.path}
          asking={asking}
          classes={classes}
          onMap={(mapping) => void files.map(mapping)}
          onTake={() => void files.takeTable()}
          onDrop={files.dropTable}
        />
      )}
      {unlabelled.length > 0 && !asking && (
        <div
          className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl bg-sunken px-4 py-3 text-sm"
          data-testid="unlabelled"
        >
          <label htmlFor={restSelect}>
            {t('images.unlabelled', { count: unlabelled.length, number: formatCount(unlabelled.length) })}
          </label>
          <ClassChoice
            classes={classes}
            id={restSelect}
            value=""
            onChange={({ target }) => void files.labelRest(target.value === 'name' ? null : Number(target.value))}
          >
            <option value="" disabled>
              {t('images.unlabelledChoose')}
            </option>
            {namesTell && <option value="name">{t('images.unlabelledByName')}</option>}
          </ClassChoice>
        </div>
      )}
      <FaultList faults={joinFaults(unlabelledFaults(unlabelled, names), faults)} />
      <FaultList faults={hints} used />
    </div>
  );
}
