import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { explainByVersion, OutdatedPageError } from '../../pwa/new-version.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { formatDate, formatShare } from '../../ui/quantity.ts';
import { FailureNotice } from './failure-notice.tsx';
import { learnedRun, offeredVersion } from './versions.ts';
import type { Workbench, WorkbenchProps } from './workbench.tsx';

interface ModelSectionProps extends Omit<WorkbenchProps, 'run' | 'offered'> {}

const NOT_LOADED = { code: 'not_loaded' };

/** What was learned so far, and the way to use it. What that takes loads when somebody wants to. */
export function ModelSection(props: ModelSectionProps) {
  const { t } = useTranslation('model');
  const run = learnedRun(props.view);
  const offered = offeredVersion(props.view);
  const { pinned, earlier } = props.view;
  const from = props.view.run?.initial.from;
  const [Loaded, setLoaded] = useState<{ readonly Workbench: typeof Workbench } | null>(null);
  const [loading, setLoading] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function open(): Promise<void> {
    setLoading(true);
    setError(null);
    try {
      setLoaded(await explainByVersion(() => import('./workbench.tsx')));
    } catch (problem) {
      setError(problem instanceof OutdatedPageError ? problem : NOT_LOADED);
    }
    setLoading(false);
  }

  return (
    <Card
      title={t('title')}
      testId="model"
      aside={
        Loaded ? (
          <Button look="quiet" onClick={() => setLoaded(null)}>
            {t('close')}
          </Button>
        ) : (
          t('aside')
        )
      }
    >
      {from && (
        <p className="mb-4" data-testid="goes-on">
          {t('goesOn', { round: from.round })}
        </p>
      )}
      {run && pinned && (
        <p className="mb-4" data-testid="pinned-version">
          {t('pinned', { round: pinned.round, begun: formatDate(run.startedAt) })}
        </p>
      )}
      {run && !pinned && run === earlier && (
        <p className="mb-4" data-testid="earlier-run">
          {t('earlierRun', { begun: formatDate(run.startedAt) })}
        </p>
      )}
      {!run || !offered ? (
        <div data-testid="no-model">
          <p className="font-medium">{t('none.title')}</p>
          <p className="mt-1 text-muted">{t('none.text')}</p>
        </div>
      ) : Loaded ? (
        <Loaded.Workbench key={run.run} {...props} run={run} offered={offered} />
      ) : (
        <>
          <p className="text-muted">
            <Trans
              t={t}
              i18nKey="offer"
              values={{ round: offered.round, share: formatShare(offered.testAccuracy) }}
              components={{ strong: <strong className="text-ink" /> }}
            />
          </p>
          <div className="mt-4">
            <Button onClick={() => void open()} disabled={loading}>
              {t(loading ? 'opening' : 'open')}
            </Button>
          </div>
          {error !== null && (
            <div className="mt-4">
              <FailureNotice error={error} onRetry={() => void open()} />
            </div>
          )}
        </>
      )}
    </Card>
  );
}
