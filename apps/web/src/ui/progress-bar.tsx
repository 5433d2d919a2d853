import { useTranslation } from 'react-i18next';

interface ProgressBarProps {
  label: string;
  /** From 0 to 1; null while nobody can say. */
  value: number | null;
  text?: string;
}

export function ProgressBar({ label, value, text }: ProgressBarProps) {
  const { t } = useTranslation('shell');
  const percent = value === null ? undefined : Math.round(value * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={text ?? (percent === undefined ? t('underWay') : `${percent} %`)}
    >
      <ProgressTrack value={value} />
    </div>
  );
}

/** Only to be looked at, where the same is said elsewhere. */
export function ProgressTrack({ value }: Pick<ProgressBarProps, 'value'>) {
  return (
    <div className="h-1.5 overflow-hidden rounded-full bg-sunken">
      <div
        className={`h-full rounded-full bg-accent transition-[width] duration-200 ${value === null ? 'breathing' : ''}`}
        style={{ width: value === null ? '100%' : `${100 * value}%` }}
      />
    </div>
  );
}
