import { useTranslation } from 'react-i18next';
import type { SessionState } from '../../session/session.ts';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { formatDuration } from '../../ui/quantity.ts';
import { DutyNotice } from './duty-notice.tsx';
import type { Moment } from './moment.ts';

/** What the person should know beside where things stand: what went wrong, what is asked of them, what they missed. */
export function Notices({ state, moment }: { state: SessionState; moment: Moment }) {
  const { t } = useTranslation('learning');
  const { stage, participant, sleptMs } = state;
  const joined = stage === 'joined' ? participant : null;
  // What is started anew by itself the moment says already.
  const problem = state.problem ?? (joined?.retrying ? null : joined?.problem) ?? null;
  const duty = joined?.dutyUntil ?? null;
  const missed = joined?.satOut === 'missed';
  return (
    <div className="mt-5 space-y-4 empty:hidden">
      {problem && !joined?.disagreement && (
        <ProblemNotice problem={problem} testId="problem">
          {stage === 'apart'
            ? problem.rejected !== 'outdated_page' && t('problem.apart')
            : moment.name === 'refused' && t('problem.refused')}
        </ProblemNotice>
      )}
      {joined && !joined.disagreement && <DutyNotice participant={joined} />}
      {joined && sleptMs !== null ? (
        <Notice tone="calm" title={t('slept.title', { time: formatDuration(sleptMs) })} testId="slept">
          {missed ? t('slept.missed') : t('slept.detail')}
        </Notice>
      ) : (
        missed && (
          <Notice tone="calm" title={t('missed.title')} testId="missed">
            {t('missed.detail')}
          </Notice>
        )
      )}
      {joined?.phase === 'sent' && duty === null && joined.seat !== 'served' && (
        <Notice tone="calm" title={t('mayClose.title')} testId="may-close">
          {t('mayClose.detail')}
        </Notice>
      )}
    </div>
  );
}
