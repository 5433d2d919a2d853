import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatDate } from '../../ui/quantity.ts';
import { useAction } from '../frame/action.ts';
import { CommandLine } from '../frame/command-line.tsx';
import { forgetKey } from './held-key.ts';
import type { KeyStanding } from './standing.ts';
import { type StudyKeys, saveBackup, setStudyKey } from './study-key.ts';

const TITLES: Readonly<Record<KeyStanding, string>> = {
  none: 'There is no study key yet',
  untold: 'The coordinator does not know your key',
  held: 'You hold the study key',
  elsewhere: 'This browser does not hold the study key',
  different: 'This browser holds another key than the coordinator’s',
};

/** Which key there is, and where. */
export function KeyCard({ keys, mayChange }: { keys: StudyKeys; mayChange: boolean }) {
  const { told, held, standing, refresh } = keys;
  const { busy, refusal, run } = useAction();
  return (
    <Card title={TITLES[standing]} testId="study-key">
      <div data-standing={standing} className="space-y-4">
        {told.key !== null && (
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span>
              The coordinator’s: <Fingerprint of={told.key} groups={8} />
            </span>
            <CopyButton look="quiet" text={told.key} label="Copy the whole key" />
            <span className="text-sm text-muted">
              {told.fixed ? 'fixed by SOTTO_STUDY_KEY' : told.since !== null && `since ${formatDate(told.since)}`}
            </span>
          </p>
        )}
        {held !== null && standing !== 'held' && (
          <p>
            Here: <Fingerprint of={held.publicKey} groups={8} />
          </p>
        )}
        <Explanation standing={standing} />
        {refusal && <Notice tone="bad" title={refusal} />}
        <fieldset disabled={busy || !mayChange} className="flex flex-wrap gap-3">
          {held !== null && standing === 'untold' && (
            <Button
              look="primary"
              disabled={told.fixed}
              onClick={() => void run(() => setStudyKey(held.publicKey, null))}
            >
              Give the coordinator its public half
            </Button>
          )}
          {held !== null && standing === 'different' && !told.fixed && (
            <ConfirmButton
              label="Use the key held here instead"
              title="Replace the coordinator’s study key?"
              confirm="Replace it"
              keep="Leave it"
              onConfirm={() => void run(() => setStudyKey(held.publicKey, told.key))}
            >
              <Consequences />
            </ConfirmButton>
          )}
          {held !== null && <Button onClick={() => saveBackup(held)}>Save the backup again</Button>}
          {held !== null && (
            <ConfirmButton
              label="Remove it from this browser"
              title="Remove the key from this browser?"
              confirm="Remove it"
              keep="Keep it"
              onConfirm={() => void run(() => forgetKey().then(refresh))}
            >
              This page can sign nothing any more until you load the backup, for which you need the file and its
              passphrase. Without these the key is lost. The coordinator and all certificates stay as they are.
            </ConfirmButton>
          )}
          {told.key !== null && !told.fixed && (
            <ConfirmButton
              label="Use no study key"
              title="Let the coordinator have no study key?"
              confirm="Use none"
              keep="Leave it"
              onConfirm={() => void run(() => setStudyKey(null, told.key))}
            >
              <Consequences />
            </ConfirmButton>
          )}
        </fieldset>
        {standing === 'held' && told.key && !told.fixed && (
          <CommandLine
            words={['study', 'use', 'none', '--replaces', told.key]}
            label="Use no study key, from a shell"
          />
        )}
        {standing === 'untold' && held && (
          <CommandLine words={['study', 'use', held.publicKey]} label="Give it to the coordinator from a shell" />
        )}
        {standing === 'different' && held && told.key && (
          <CommandLine
            words={['study', 'use', held.publicKey, '--replaces', told.key]}
            label="Replace the coordinator’s from a shell"
          />
        )}
      </div>
    </Card>
  );
}

function Explanation({ standing }: { standing: KeyStanding }) {
  switch (standing) {
    case 'none':
      return (
        <p>
          Whoever holds it says who may sit on a committee. The coordinator gets only its public half, and so cannot
          invent members. Without one, committees are drawn by the coordinator, which has to be trusted with that.
        </p>
      );
    case 'held':
      return (
        <p>This page signs with it. Its private half cannot be read out of this browser, not even by this page.</p>
      );
    case 'untold':
      return <p>Until it does, links carry no study key, and nobody you certify counts.</p>;
    case 'elsewhere':
      return (
        <p>
          Load its backup below, or ask whoever holds it to certify devices. If nobody has it any more, make a new one:
          see “Lost”.
        </p>
      );
    case 'different':
      return (
        <p>
          Somebody gave the coordinator another key, or you loaded the backup of another study. Find out which, before
          you share a link or certify a device.
        </p>
      );
  }
}

/** What replacing the key breaks. */
export function Consequences() {
  return (
    <>
      Every certificate under the present key ends at once: members and contributors have to be certified anew. Links
      that were shared carry the present key: whoever joined by one refuses rounds until they have opened a new link and
      agreed. Runs with a named committee wait. Records of earlier rounds stay valid under the key they were made with.
    </>
  );
}
