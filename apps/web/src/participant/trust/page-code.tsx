import type { Rejection } from '@sotto/protocol/rejection';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { fetchPageAnew } from '../../pwa/kept-page.ts';
import { Button } from '../../ui/button.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { problemOf } from '../../words/problem.ts';
import { compareFiles, readBuild } from './build.ts';
import { Fact } from './fact.tsx';

type Comparison =
  | { readonly done: number }
  | { readonly differing: readonly string[] }
  /** The server has another version by now. */
  | { readonly replaced: true }
  | { readonly failed: Rejection };

/** Which code the page is, as far as a page can say that of itself. */
export function PageCode() {
  const { t } = useTranslation('trust');
  // Asked for once: another build is another page.
  const { data: build, isPending } = useQuery({
    queryKey: ['build'],
    queryFn: readBuild,
    staleTime: Infinity,
    retry: 1,
  });
  const [comparison, setComparison] = useState<Comparison | null>(null);
  const total = build ? Object.keys(build.files).length : 0;
  const comparing = comparison !== null && 'done' in comparison;
  async function compare() {
    if (!build) return;
    setComparison({ done: 0 });
    try {
      const now = await readBuild();
      if (now.fingerprint !== build.fingerprint) return setComparison({ replaced: true });
      setComparison({ differing: await compareFiles(build, (done) => setComparison({ done })) });
    } catch (error) {
      setComparison({ failed: problemOf(error) });
    }
  }
  return (
    <Fact name={t('runs.code')}>
      {build ? (
        <>
          <p data-testid="page-code" data-fingerprint={build.fingerprint}>
            <Trans
              t={t}
              i18nKey="runs.codeText"
              values={{ count: total }}
              components={{ key: <Fingerprint of={build.fingerprint} /> }}
            />
          </p>
          <p className="text-muted">
            {build.commit === null
              ? t('runs.version', { version: build.version })
              : t('runs.versionCommit', { version: build.version, commit: build.commit })}
            , {t('runs.protocol', { version: 'v1' })}
          </p>
          <Button className="mt-2" onClick={() => void compare()} disabled={comparing}>
            {t('runs.compare')}
          </Button>
        </>
      ) : (
        <p>{isPending ? t('runs.codeLoading') : t('runs.codeMissing')}</p>
      )}
      <p role="status" className="mt-1" data-testid="comparison">
        {comparison && 'done' in comparison && t('runs.comparing', { done: comparison.done, total })}
        {comparison && 'replaced' in comparison && t('runs.replaced')}
        {comparison &&
          'differing' in comparison &&
          (comparison.differing.length === 0 ? (
            <span className="text-accent">{t('runs.same', { count: total })}</span>
          ) : (
            <span className="text-bad">{t('runs.differs', { files: comparison.differing.join(', ') })}</span>
          ))}
      </p>
      {comparison && 'differing' in comparison && comparison.differing.length > 0 && (
        <FetchAnew differing={comparison.differing} />
      )}
      {comparison && 'failed' in comparison && (
        <ProblemNotice title={t('runs.compareFailed')} problem={comparison.failed} />
      )}
      <p className="mt-1 text-muted">{t('runs.limits')}</p>
    </Fact>
  );
}

/** The copies that this browser keeps may be what differs; then the server's help. */
function FetchAnew({ differing }: { differing: readonly string[] }) {
  const { t } = useTranslation('trust');
  const [refused, setRefused] = useState(false);
  return (
    <div className="mt-2">
      <p role="status">{t(refused ? 'runs.anewBusy' : 'runs.anewWhy')}</p>
      <Button className="mt-2" onClick={async () => setRefused(!(await fetchPageAnew(differing)))}>
        {t('runs.anew')}
      </Button>
    </div>
  );
}
