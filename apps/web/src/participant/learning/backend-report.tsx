import type { BackendName, BackendReport as Tried } from '@sotto/learner/backend';
import { Trans, useTranslation } from 'react-i18next';
import { BACKENDS, wishedBackend } from '../../session/backend-memory.ts';
import type { SessionState } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { ChoiceField } from '../../ui/field.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatCount } from '../../ui/quantity.ts';
import type { Words } from '../../words/words.ts';

interface BackendReportProps {
  state: SessionState;
  /** What the link forces; then there is nothing to choose. */
  forced: string | null;
  onChoose: (wish: BackendName | null) => void;
  onTest: () => void;
}

/** What computes here, why the others do not, and the choice of another. */
export function BackendReport({ state, forced, onChoose, onTest }: BackendReportProps) {
  const { t } = useTranslation('learning');
  const { backend: found, backendRefused, testing, stage, participant } = state;
  // A graphics card that failed in mid-training was left for the next that works.
  const working = (participant?.progress?.backend as BackendName | undefined) ?? found?.backend;
  return (
    <div className="mt-6 border-t border-line pt-2 text-sm" data-testid="backend" data-backend={found?.backend ?? ''}>
      {found && working && working !== found.backend && stage === 'joined' && (
        <p className="pt-2" data-testid="backend-fell">
          {t('backend.fell', { wished: t(`backend.${found.backend}`), now: t(`backend.${working}`) })}
        </p>
      )}
      {found && backendRefused && (
        <div className="pt-2">
          <Notice
            tone="warn"
            testId="backend-refused"
            title={t('backend.refused', {
              wished: t(`backend.${backendRefused.wish}`),
              why: t(`backend.reason.${whyRefused(found.report, backendRefused.wish)}`),
              now: t(`backend.${found.backend}`),
            })}
          />
        </div>
      )}
      <details>
        <summary className="py-2.5 text-muted">
          {testing
            ? t('backend.testing')
            : working
              ? t('backend.summary', { what: t(`backend.${working}`) })
              : t('backend.unknown')}
        </summary>
        <p className="mt-1 max-w-prose text-muted">
          {!found
            ? t('backend.untested')
            : forced !== null && !backendRefused
              ? t('backend.forced')
              : found.remembered
                ? t('backend.remembered')
                : t('backend.fresh')}
        </p>
        {found && (
          <ul className="mt-3 space-y-1" data-remembered={found.remembered}>
            {found.report.map((tried) => (
              <li key={tried.name} className="grid grid-cols-[4rem_minmax(0,1fr)] gap-x-2">
                <span className="font-medium">{tried.name}</span>
                <span className="text-muted">{describeFinding(t, tried)}</span>
              </li>
            ))}
          </ul>
        )}
        {forced === null && (
          <>
            <div className="mt-4 flex flex-wrap items-end gap-3">
              <div className="w-72 max-w-full">
                <ChoiceField
                  label={t('backend.wish')}
                  defaultValue={wishedBackend() ?? ''}
                  disabled={testing}
                  onChange={({ currentTarget: { value } }) => onChoose(value === '' ? null : (value as BackendName))}
                >
                  <option value="">{t('backend.automatic')}</option>
                  {BACKENDS.map((name) => (
                    <option key={name} value={name}>
                      {t(`backend.${name}`)}
                    </option>
                  ))}
                </ChoiceField>
              </div>
              {stage === 'joined' && (
                <Button onClick={onTest} disabled={testing}>
                  {t('backend.again')}
                </Button>
              )}
            </div>
            {stage === 'joined' && <p className="mt-2 text-muted">{t('backend.next')}</p>}
          </>
        )}
        {participant?.device && (
          <p className="mt-3 text-muted">
            <Trans
              t={t}
              i18nKey="backend.device"
              components={{ id: <Fingerprint of={participant.device} groups={6} /> }}
            />
          </p>
        )}
      </details>
    </div>
  );
}

/** Forced, it was tried even where the test passes it over; then it could not be started. */
function whyRefused(report: readonly Tried[], wish: BackendName) {
  const finding = report.find(({ name }) => name === wish)?.finding;
  return finding === 'absent' || finding === 'wrong' || finding === 'late' ? finding : 'failed';
}

function describeFinding(t: Words<'learning'>, { finding, ms }: Pick<Tried, 'finding' | 'ms'>): string {
  if (finding !== 'right') return t(`backend.reason.${finding}`);
  return ms === undefined ? t('backend.ok') : t('backend.took', { ms: formatCount(Math.round(ms)) });
}
