import type { ReactNode } from 'react';
import { Card } from '../../ui/card.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { formatDate } from '../../ui/quantity.ts';
import { useAdmin } from '../frame/context.ts';
import { PageHead } from '../frame/page-head.tsx';
import { Consequences, KeyCard } from './key-card.tsx';
import { LoadBackup } from './load-backup.tsx';
import { MakeKey } from './make-key.tsx';
import { useStudyKeys } from './study-key.ts';

/** `/admin/study`: who may vouch for committees. */
export function StudyPage() {
  const { mayChange } = useAdmin();
  const keys = useStudyKeys();
  if (!keys) return null;
  const { told, standing, refresh } = keys;
  return (
    <>
      <PageHead title="Study key">
        It vouches for the devices that open sums. It belongs to a person, and is never on the server.
      </PageHead>
      <KeyCard keys={keys} mayChange={mayChange} />
      {mayChange && standing === 'none' && (
        <Card title="Make a study key">
          <MakeKey replaces={null} onMade={refresh} />
        </Card>
      )}
      {mayChange && (standing === 'none' || standing === 'elsewhere' || standing === 'different') && (
        <Card title="Load a backup">
          <LoadBackup told={told.key} onLoaded={refresh} />
        </Card>
      )}
      <Card title="When something happens to it">
        <div className="divide-y divide-line text-sm" data-testid="study-help">
          <Case title="A second admin">
            Give them the backup file and, by another way, its passphrase: they load it on this page in their browser.
            Everybody who holds it can certify; nobody can take it away from one of them alone. For that, replace it.
          </Case>
          <Case title="Lost">
            {told.fixed ? (
              'The key is fixed by SOTTO_STUDY_KEY: start the coordinator with another one, made here or by “sotto study init”.'
            ) : (
              <>
                Without the key nobody can certify or renew, and certificates run out within 7 days. Runs with a named
                committee then wait; nothing that was learned is lost. Make a new key in its place:
                {mayChange && told.key !== null && standing !== 'none' && (
                  <div className="mt-4 rounded-xl border border-line p-4">
                    <p className="mb-4">
                      <Consequences />
                    </p>
                    <MakeKey replaces={told.key} onMade={refresh} />
                  </div>
                )}
              </>
            )}
          </Case>
          <Case title="Somebody else may have it">
            They could certify devices of their own, and with the coordinator’s help put them on a committee. Replace it
            as if it were lost, then share new links: a link with the old key goes on trusting it.
          </Case>
        </div>
      </Card>
      {told.earlier.length > 0 && (
        <Card title="Earlier study keys" testId="earlier-keys">
          <ul className="space-y-1 text-sm">
            {told.earlier.map(({ key, since }) => (
              <li key={key}>
                <Fingerprint of={key} groups={8} /> <span className="text-muted">since {formatDate(since)}</span>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}

function Case({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className="py-3">
      <summary className="cursor-pointer font-medium">{title}</summary>
      <div className="mt-2 max-w-3xl">{children}</div>
    </details>
  );
}
