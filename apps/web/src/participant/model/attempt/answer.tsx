import { useTranslation } from 'react-i18next';
import { FailureNotice } from '../failure-notice.tsx';
import { type RankedClass, rankClasses, wordAnswer, wordShare } from './answer-wording.ts';
import type { Outcome } from './use-prediction.ts';

/** So many keep their places, which is easier to watch; of more only the likeliest are shown. */
const MOST_IN_PLACE = 10;
const LIKELIEST = 6;

interface AnswerProps {
  outcome: Outcome;
  classes: readonly string[];
  /** What to do for an answer. */
  hint: string;
}

/** What the model says, in words and bars, as it changes. */
export function Answer({ outcome, classes, hint }: AnswerProps) {
  const { t } = useTranslation('model');
  if (outcome.state === 'failed') return <FailureNotice error={outcome.error} />;
  const answered = outcome.state === 'answered';
  const shares = answered ? outcome.shares : classes.map(() => 0);
  const ranked = rankClasses(shares, classes);
  const few = classes.length <= MOST_IN_PLACE;
  const shown = few ? ranked.toSorted((a, b) => a.place - b.place) : ranked.slice(0, LIKELIEST);
  return (
    <div data-testid="answer" data-answered={answered} data-class={answered ? ranked[0]?.name : undefined}>
      <h3 className="text-sm font-medium text-muted">{t('answer.title')}</h3>
      <p role="status" className={answered ? 'text-2xl font-semibold tracking-tight' : 'text-muted'}>
        {answered ? wordAnswer(t, shares, classes) : hint}
      </p>
      <ul
        aria-label={t('answer.all')}
        className="mt-4 grid grid-cols-[fit-content(45%)_1fr_auto] gap-x-3 gap-y-2 text-sm"
      >
        {shown.map((each) => (
          <Bar key={each.place} {...each} first={answered && each.place === ranked[0]?.place} answered={answered} />
        ))}
      </ul>
      {answered && <p className="mt-3 text-sm text-muted">{t('answer.guess')}</p>}
      {!few && answered && (
        <p className="mt-2 text-sm text-muted">{t('answer.others', { count: classes.length - shown.length })}</p>
      )}
    </div>
  );
}

function Bar({ name, share, first, answered }: RankedClass & { first: boolean; answered: boolean }) {
  const { t } = useTranslation('model');
  return (
    <li className="col-span-3 grid grid-cols-subgrid items-center">
      <span className={`[overflow-wrap:anywhere] ${first ? 'font-semibold' : ''}`}>{name}</span>
      <span aria-hidden="true" className="h-2 overflow-hidden rounded-full bg-sunken">
        <span
          className={`block h-full rounded-full transition-[width] duration-150 ${first ? 'bg-accent' : 'bg-line-strong'}`}
          style={{ width: `${100 * share}%` }}
        />
      </span>
      <span className={`min-w-13 text-right ${first ? 'font-semibold' : 'text-muted'}`}>
        {answered ? wordShare(t, share) : '–'}
      </span>
    </li>
  );
}
