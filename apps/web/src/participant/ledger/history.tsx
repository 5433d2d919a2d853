import type { RoundTaken } from '@sotto/participant/history';
import type { LedgerPlace } from '@sotto/participant/ledger';
import type { Pins } from '@sotto/protocol/invite';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { Button, buttonLook } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { formatDate } from '../../ui/quantity.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { problemOf } from '../../words/problem.ts';
import { describeAbandonment } from './abandonment.ts';
import { groupRounds, shortRun } from './round-groups.ts';

interface HistoryProps {
  place: LedgerPlace;
  device: string | null;
  pins: Pins;
  rounds: readonly RoundTaken[];
  /** The latest run, whose rounds the page shows beside these. */
  run: string | null;
}

/** The rounds this device had a part in, over all visits, with what their public records say of it. */
export function History({ place, device, pins, rounds, run: latest }: HistoryProps) {
  const { t } = useTranslation('ledger');
  if (rounds.length === 0) return null;
  return (
    <Card title={t('history.title')} aside={t('history.count', { count: rounds.length })} testId="history">
      <ScrollRegion label={t('history.list')} className="max-h-[32rem] rounded-lg border border-line">
        <ol className="divide-y divide-line">
          {groupRounds(rounds).map(({ run, rounds }) => (
            <li key={run} data-testid="run-taken" data-run={run}>
              <h3 className="bg-sunken px-4 py-2 text-sm font-medium">
                {t(run === latest ? 'history.runNow' : 'history.runEarlier', { run: shortRun(run) })}
              </h3>
              <ol className="divide-y divide-line">
                {rounds.map((taken) => (
                  <Round key={taken.round} taken={taken} place={place} device={device} pins={pins} />
                ))}
              </ol>
            </li>
          ))}
        </ol>
      </ScrollRegion>
      <p className="mt-3 text-sm text-muted">
        <Trans t={t} i18nKey="history.hint" components={{ code: <code className="font-mono text-[0.92em]" /> }} />
      </p>
    </Card>
  );
}

type Recheck = 'checking' | 'holds' | { readonly failed: Rejection } | { readonly problems: readonly string[] };

function Round({
  taken,
  place,
  device,
  pins,
}: Pick<HistoryProps, 'place' | 'device' | 'pins'> & { taken: RoundTaken }) {
  const { t } = useTranslation('ledger');
  const [recheck, setRecheck] = useState<Recheck | null>(null);
  const { run, round, endedAt, transcript, receipt, served, outcome, reason } = taken;
  const problems =
    typeof recheck === 'object' && recheck !== null && 'problems' in recheck
      ? recheck.problems
      : (receipt?.problems ?? []);
  async function check(hash: string) {
    setRecheck('checking');
    try {
      const { checkRound } = await import('@sotto/participant/records.browser');
      const options = { ...place, run, round, transcript: hash, pins, url: location.origin };
      const again = await checkRound(device, options);
      if (again === null) setRecheck({ failed: reject('nothing_kept', 'This device keeps nothing about this round.') });
      else if (isRejection(again)) setRecheck({ failed: again as Rejection });
      else setRecheck(again.problems.length === 0 ? 'holds' : { problems: again.problems });
    } catch (error) {
      setRecheck({ failed: problemOf(error) });
    }
  }
  return (
    <li className="px-4 py-3 text-sm" data-testid="round-taken" data-part={receipt?.part ?? 'unknown'}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="font-medium">{t('history.round', { round })}</p>
        <p className="text-muted">{formatDate(endedAt)}</p>
      </div>
      {outcome === 'abandoned' ? (
        <p className="text-muted">
          {t('history.abandoned')} {describeAbandonment(t, reason ?? '')}
        </p>
      ) : (
        <p>
          {receipt ? (
            <>
              <span className={receipt.included ? 'text-accent' : ''}>{t(`history.part.${receipt.part}`)}</span>
              <span className="text-muted">
                {' '}
                ·{' '}
                {receipt.ofGroup === undefined
                  ? t('history.given', { contributors: receipt.contributors })
                  : t('history.givenOfGroup', { contributors: receipt.contributors, ofGroup: receipt.ofGroup })}
                {receipt.problems.length === 0 && ` · ${t('history.verified')}`}
              </span>
            </>
          ) : (
            t('history.unchecked')
          )}
        </p>
      )}
      {served && <p className="text-muted">{t('history.served')}</p>}
      {problems.length > 0 && (
        <div className="mt-2">
          <Notice tone="bad" title={t('history.broken')}>
            <span lang="en">{problems.join(' ')}</span>
          </Notice>
        </div>
      )}
      {transcript !== null && (
        <div className="mt-2 flex flex-wrap items-center gap-2">
          <Button onClick={() => void check(transcript)} disabled={recheck === 'checking'}>
            {recheck === 'checking' ? t('history.checking') : t('history.check')}
          </Button>
          <a
            className={buttonLook('quiet')}
            href={`/api/transcripts/${transcript}`}
            download={`sotto-${run}-round-${round}.json`}
          >
            {t('history.download')}
          </a>
          <span className="text-muted">
            {t('history.record')} <Fingerprint of={transcript} groups={2} />
          </span>
        </div>
      )}
      <p role="status" className="text-muted" data-testid="recheck">
        {recheck === 'holds' && t('history.checked')}
      </p>
      {typeof recheck === 'object' && recheck !== null && 'failed' in recheck && (
        <ProblemNotice title={t('history.failed')} problem={recheck.failed} />
      )}
    </li>
  );
}
