import { Progress } from '@base-ui/react/progress';
import { useTranslation } from 'react-i18next';

/** `value` from 0 to 1; null while nobody can say. */
export function ProgressBar({ label, value, text }: { label: string; value: number | null; text?: string }) {
  const { t } = useTranslation('shell');
  return (
    <Progress.Root
      value={value === null ? null : Math.round(value * 100)}
      aria-label={label}
      aria-valuetext={text ?? (value === null ? t('underWay') : `${Math.round(value * 100)} %`)}
    >
      <Progress.Track className="h-1.5 overflow-hidden rounded-full bg-sunken">
        <Progress.Indicator
          className={`block h-full rounded-full bg-accent transition-[width] duration-200 ${value === null ? 'breathing w-full' : ''}`}
        />
      </Progress.Track>
    </Progress.Root>
  );
}
