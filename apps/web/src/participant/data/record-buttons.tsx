import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../ui/quantity.ts';
import { ClassPicker } from './class-picker.tsx';

interface RecordButtonsProps {
  classes: readonly string[];
  /** Of the pictures taken so far. */
  labels: readonly number[];
  recording: {
    readonly label: number | null;
    readonly waiting: number;
    readonly begin: (label: number) => void;
    readonly end: () => void;
  };
}

/** More classes than this are chosen first, and have one button together. */
const MOST_BUTTONS = 12;

/** A button for each class: held down it records, by keyboard it begins and ends. */
export function RecordButtons({ classes, labels, recording }: RecordButtonsProps) {
  const { t } = useTranslation('data');
  const [chosen, setChosen] = useState(0);
  const counts = classes.map(() => 0);
  for (const label of labels) counts[label]!++;
  if (recording.label !== null) counts[recording.label]! += recording.waiting;
  const buttonOf = (label: number) => (
    <RecordButton
      key={label}
      name={classes[label]!}
      count={counts[label]!}
      on={recording.label === label}
      onBegin={() => recording.begin(label)}
      onEnd={recording.end}
    />
  );
  return (
    <div className="space-y-3">
      <p className="text-sm text-muted">{t('camera.hold')}</p>
      {classes.length > MOST_BUTTONS ? (
        <>
          <ClassPicker legend={t('camera.class')} classes={classes} value={chosen} onPick={setChosen} />
          {buttonOf(chosen)}
        </>
      ) : (
        <div className="grid grid-cols-[repeat(auto-fill,minmax(7rem,1fr))] gap-2">
          {classes.map((_, label) => buttonOf(label))}
        </div>
      )}
      <p role="status" className="sr-only">
        {recording.label !== null && t('camera.recording', { name: classes[recording.label] })}
      </p>
    </div>
  );
}

interface RecordButtonProps {
  name: string;
  count: number;
  on: boolean;
  onBegin: () => void;
  onEnd: () => void;
}

function RecordButton({ name, count, on, onBegin, onEnd }: RecordButtonProps) {
  const { t } = useTranslation('data');
  const hold = (event: PointerEvent<HTMLButtonElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    onBegin();
  };
  const toggle = (event: KeyboardEvent<HTMLButtonElement>) => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    if (event.repeat) return;
    if (on) onEnd();
    else onBegin();
  };
  return (
    <button
      type="button"
      aria-pressed={on}
      onPointerDown={hold}
      onPointerUp={onEnd}
      onPointerCancel={onEnd}
      onKeyDown={toggle}
      // A screen reader presses without a pointer.
      onClick={({ detail }) => detail === 0 && (on ? onEnd() : onBegin())}
      onContextMenu={(event) => event.preventDefault()}
      className={`flex min-h-14 touch-none select-none items-center justify-between gap-2 rounded-lg border px-3 text-left font-medium transition-colors ${
        on ? 'border-bad bg-bad-soft text-bad' : 'border-line-strong bg-surface hover:bg-sunken'
      }`}
    >
      <span className="truncate">
        <span className="sr-only">{t('camera.record')} </span>
        {name}
      </span>
      <span className={`text-sm ${on ? '' : 'text-muted'}`}>
        <span data-testid="taken">{formatCount(count)}</span>
        <span className="sr-only"> {t('camera.pictures', { count })}</span>
      </span>
    </button>
  );
}
