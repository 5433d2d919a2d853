import type { Disagreement } from '@sotto/participant/agreements';
import type { Change, CommitteeTerms } from '@sotto/participant/terms';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatExact } from '../../ui/quantity.ts';
import type { Words } from '../../words/words.ts';
import { describeNoiseTerms } from './noise-wording.ts';

interface ChangedTermsProps {
  disagreement: Disagreement;
  onAgree: () => void;
  onLeave: () => void;
}

/** What is no longer as the person agreed to, before and now, and the choice that is theirs. */
export function ChangedTerms({ disagreement: { changes }, onAgree, onLeave }: ChangedTermsProps) {
  const { t } = useTranslation('trust');
  const { t: tLearning } = useTranslation('learning');
  const heading = useRef<HTMLHeadingElement>(null);
  // Nothing goes on until the person decides.
  useEffect(() => heading.current?.focus(), []);
  const title = (
    <h2 ref={heading} tabIndex={-1} className="outline-none">
      {t('changed.title')}
    </h2>
  );
  return (
    <Notice tone="bad" title={title} testId="changed-terms">
      <p>{t('changed.nothing')}</p>
      <ul className="mt-3 space-y-3">
        {changes.map((change) => (
          <li key={change.term} data-term={change.term}>
            <p className="font-medium">{t(`changed.term.${change.term}`)}</p>
            <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 [overflow-wrap:anywhere]">
              <dt className="text-muted">{t('changed.before')}</dt>
              <dd>{describeTerm(t, change.term, change.agreed)}</dd>
              <dt className="text-muted">{t('changed.now')}</dt>
              <dd className="font-medium">{describeTerm(t, change.term, change.now)}</dd>
            </dl>
            <p className="mt-1 text-muted">{t(`changed.why.${change.term}`)}</p>
          </li>
        ))}
      </ul>
      <div className="mt-4 flex flex-wrap gap-3">
        <Button look="primary" onClick={onLeave}>
          {tLearning('leave.leave')}
        </Button>
        <Button look="danger" onClick={onAgree}>
          {t('changed.agree')}
        </Button>
      </div>
    </Notice>
  );
}

function describeTerm(t: Words<'trust'>, term: Change['term'], value: Change['now']): string {
  if (value === null) return term === 'studyKey' ? t('changed.none') : t('changed.unknown');
  if (typeof value === 'number') return formatExact(value);
  if (value === 'none') return describeNoiseTerms(t, value);
  if (value === 'open' || value === 'certified') return t(`changed.admission.${value}`);
  if (typeof value === 'string') return short(value);
  return 'delta' in value ? describeNoiseTerms(t, value) : describeCommittee(t, value);
}

function describeCommittee(t: Words<'trust'>, committee: CommitteeTerms): string {
  const { choice, least } = committee;
  return choice === 'named'
    ? t('changed.committee.named', { least, members: committee.keys.map((key) => key.slice(0, 8)).join(', ') })
    : t(`changed.committee.${choice}`, { least });
}

/** As `Fingerprint` shows it. */
function short(hex: string): string {
  return hex.slice(0, 16).replace(/(.{4})(?=.)/g, '$1 ');
}
