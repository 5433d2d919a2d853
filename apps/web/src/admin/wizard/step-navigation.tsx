import { STEP_NAMES, STEPS, type Step } from './steps.ts';

interface StepNavigationProps {
  step: Step;
  /** How much is wrong or missing in each. */
  counts: ReadonlyMap<Step, number>;
  onStep: (step: Step) => void;
}

/** All steps, and which of them are done. */
export function StepNavigation({ step, counts, onStep }: StepNavigationProps) {
  return (
    <nav aria-label="Steps" className="rounded-2xl border border-line bg-surface px-2 py-2">
      <ol className="flex flex-wrap gap-1">
        {STEPS.map((name, i) => {
          const count = name === 'save' ? 0 : (counts.get(name) ?? 0);
          const done = name !== 'save' && count === 0;
          return (
            <li key={name}>
              <button
                type="button"
                data-testid={`step-${name}`}
                aria-current={name === step ? 'step' : undefined}
                onClick={() => onStep(name)}
                className="flex min-h-10 items-center gap-2 rounded-xl px-2.5 text-sm text-muted hover:bg-sunken aria-[current]:bg-accent-soft aria-[current]:font-semibold aria-[current]:text-ink"
              >
                <span
                  aria-hidden="true"
                  className={`grid size-6 shrink-0 place-items-center rounded-full border text-xs ${done ? 'border-accent bg-accent text-on-accent' : 'border-line-strong'}`}
                >
                  {done ? '✓' : i + 1}
                </span>
                {STEP_NAMES[name]}
                {count > 0 && <span className="sr-only">, {count} to do</span>}
                {done && <span className="sr-only">, done</span>}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
