/** Options whose names do not follow from those of a run's fields. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'cohort.most': '--participants',
  'groups.count': '--groups',
  'groups.least': '--least-groups',
  'robust.rule': '--robust',
  'strategy.name': '--strategy',
  'schedule.name': '--schedule',
  'schedule.warmup': '--warmup',
  'earlyStopping.metric': '--early-stopping',
  'dp.noiseMultiplier': '--noise-multiplier',
};
/** Groups of fields that begin the names of their options. */
const PREFIXED = ['schedule', 'dp'];

/** How the command calls a field of a run: `guard.mostDrop` is `--most-drop`. */
export function optionOf(field: string): string {
  const [about, within] = field.split('.') as [string, string | undefined];
  const words = within === undefined ? about : PREFIXED.includes(about) ? `${about}-${within}` : within;
  return (
    OTHERWISE[field] ?? `--${words.replaceAll('_', '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  );
}
