import type { Receipt as Checked } from '@sotto/participant/receipts';
import type { RoundOutcome, RunSummary } from '@sotto/protocol/run';
import { Trans, useTranslation } from 'react-i18next';
import { Card } from '../../ui/card.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatDate, formatShare } from '../../ui/quantity.ts';
import { RunPlot } from '../../ui/run-plot.tsx';
import { describeAbandonment } from './abandonment.ts';
import { shortRun } from './round-groups.ts';

/** How the shared model fares on examples nobody learned from, and this device's receipts. */
export function Rounds({ run, receipts }: { run: RunSummary; receipts: readonly Checked[] }) {
  const { t } = useTranslation('ledger');
  if (run.rounds.length === 0) return null;
  const published = run.rounds.filter((round) => round.kind === 'published');
  const last = published.at(-1);
  const bad = receipts.filter(({ problems }) => problems.length > 0);
  return (
    <Card
      title={t('model.title')}
      aside={t('model.rounds', { published: published.length, count: run.config.rounds })}
      testId="rounds"
    >
      <p className="mb-2 text-sm text-muted" data-testid="run-shown">
        {t('model.run', { run: shortRun(run.run), begun: formatDate(run.startedAt) })}
      </p>
      {last && (
        <>
          <p className="text-muted">
            <Trans
              t={t}
              i18nKey="model.right"
              values={{ share: formatShare(last.testAccuracy) }}
              components={{ strong: <strong className="text-ink" /> }}
            />
          </p>
          <RunPlot run={run} />
        </>
      )}
      {bad.map(({ round, transcript, problems }) => (
        <div key={transcript} className="mt-4">
          <Notice tone="bad" title={t('model.badTitle', { round })} testId="bad-receipt">
            <span lang="en">{problems.join(' ')}</span> {t('model.badTodo')}
          </Notice>
        </div>
      ))}
      <table className="mt-5 w-full text-left text-sm">
        <thead className="text-muted">
          <tr className="border-b border-line">
            <th className="py-2 pr-4 font-medium">{t('model.round')}</th>
            <th className="py-2 pr-4 text-right font-medium">{t('model.share')}</th>
            <th className="py-2 pr-4 text-right font-medium">{t('model.updates')}</th>
            <th className="py-2 font-medium">{t('model.yours')}</th>
          </tr>
        </thead>
        <tbody>
          {run.rounds.toReversed().map((round) => (
            <Row key={round.round} round={round} receipts={receipts} />
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function Row({ round, receipts }: { round: RoundOutcome; receipts: readonly Checked[] }) {
  const { t } = useTranslation('ledger');
  if (round.kind === 'abandoned')
    return (
      <tr className="border-b border-line last:border-0" data-testid="round-row" data-kind="abandoned">
        <td className="py-2 pr-4 align-top">{round.round}</td>
        <td colSpan={3} className="py-2 text-warn">
          {t('model.givenUp', { why: describeAbandonment(t, round.reason) })}
        </td>
      </tr>
    );
  const receipt = receipts.find(({ transcript }) => transcript === round.transcript);
  return (
    <tr className="border-b border-line last:border-0" data-testid="round-row" data-kind="published">
      <td className="py-2 pr-4">{round.round}</td>
      <td className="whitespace-nowrap py-2 pr-4 text-right">{formatShare(round.testAccuracy)}</td>
      <td className="py-2 pr-4 text-right">{round.contributors}</td>
      <td className="py-2">{receipt ? <Receipt receipt={receipt} /> : <span className="text-muted">–</span>}</td>
    </tr>
  );
}

function Receipt({ receipt: { included, part, problems, transcript } }: { receipt: Checked }) {
  const { t } = useTranslation('ledger');
  if (problems.length > 0) return <span className="text-bad">{t('model.doesNotHold')}</span>;
  return (
    <span className={included ? 'text-accent' : 'text-muted'} data-testid="receipt" data-included={included}>
      {included ? t('model.in') : part === 'left-out' ? t('model.leftOut') : t('model.out')}{' '}
      <span className="hidden text-muted sm:inline">
        <Fingerprint of={transcript} groups={1} />
      </span>
    </span>
  );
}
