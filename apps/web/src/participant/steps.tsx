import { useTranslation } from 'react-i18next';
import { ProgressTrack } from '../ui/progress-bar.tsx';
import type { Moment } from './learning/moment.ts';
import { STEPS, type Step, type StepState } from './step-states.ts';

interface StepsProps {
  states: Readonly<Record<Step, StepState>>;
  /** What happens now; null before anything does. */
  moment: Moment | null;
}

/** Where a step's section is on the page. The address's fragment says whom to trust, so it is no place for anchors. */
export const sectionOf = (step: Step): string => `step-${step}`;

/** On a small screen it stays in sight, but not over the first step, nor where an answer does so over its form. */
const STICKY = 'sticky top-0 z-10 [main:has([data-over-form])_&]:max-md:static';

/** The way through the page: what is done, what is next, and on a small screen what happens meanwhile. */
export function Steps({ states, moment }: StepsProps) {
  const { t } = useTranslation('shell');
  return (
    <div
      className={`-mx-5 mt-8 border-y border-line bg-paper px-5 py-2 lg:static lg:mx-0 lg:rounded-2xl lg:border lg:bg-surface lg:px-4 ${states.examples === 'now' ? '' : STICKY}`}
    >
      <nav aria-label={t('page.sections')}>
        <ol className="flex gap-1 lg:gap-2">
          {STEPS.map((step, index) => (
            <li key={step} className={states[step] === 'now' ? 'min-w-0 flex-1 sm:flex-none' : 'sm:min-w-0'}>
              <button
                type="button"
                aria-current={states[step] === 'now' ? 'step' : undefined}
                className="flex min-h-11 w-full min-w-11 items-center justify-center gap-2 rounded-xl px-1.5 text-sm hover:bg-sunken sm:justify-start sm:px-3"
                onClick={() => show(step)}
              >
                <Place number={index + 1} state={states[step]} />
                <span
                  className={
                    states[step] === 'now'
                      ? 'truncate font-semibold text-ink'
                      : 'sr-only truncate text-muted sm:not-sr-only'
                  }
                >
                  {t(`page.steps.${step}`)}
                </span>
                {states[step] === 'done' && <span className="sr-only">{t('page.done')}</span>}
              </button>
            </li>
          ))}
        </ol>
      </nav>
      {moment && (
        // Said aloud where it is told in full.
        <div aria-hidden="true" className="px-1.5 pb-1 text-sm lg:hidden">
          <p className="truncate text-muted">{moment.title}</p>
          {moment.progress !== undefined && (
            <div className="mt-1">
              <ProgressTrack value={moment.progress} />
            </div>
          )}
        </div>
      )}
    </div>
  );
}

const LOOK: Readonly<Record<StepState, string>> = {
  done: 'border-accent bg-accent-soft text-accent-strong',
  now: 'border-accent bg-accent text-on-accent',
  later: 'border-line-strong text-muted',
};

function Place({ number, state }: { number: number; state: StepState }) {
  return (
    <span
      aria-hidden="true"
      className={`grid size-6 shrink-0 place-items-center rounded-full border text-xs font-semibold ${LOOK[state]}`}
    >
      {state === 'done' ? '✓' : number}
    </span>
  );
}

/** Goes to the step, or to the next that is there. */
function show(step: Step): void {
  const section = STEPS.slice(STEPS.indexOf(step))
    .map((at) => document.getElementById(sectionOf(at)))
    .find((element) => element?.offsetParent);
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  section?.scrollIntoView({ behavior: still ? 'auto' : 'smooth' });
  section?.focus({ preventScroll: true });
}
