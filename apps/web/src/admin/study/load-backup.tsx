import { isRejection } from '@sotto/protocol/rejection';
import { MOST_BACKUP_BYTES, parseStudyBackup, type StudyBackup } from '@sotto/protocol/study-backup';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAction } from '../frame/action.ts';
import { CommandLine } from '../frame/command-line.tsx';
import { restoreKey } from './held-key.ts';
import { backupName } from './study-key.ts';

interface LoadBackupProps {
  /** The coordinator's key; null: it has none. */
  told: string | null;
  onLoaded: () => Promise<void>;
}

/** From now on this browser holds the key of a backup, too. */
export function LoadBackup({ told, onLoaded }: LoadBackupProps) {
  const [backup, setBackup] = useState<StudyBackup | null>(null);
  const [fault, setFault] = useState<string | undefined>(undefined);
  const [passphrase, setPassphrase] = useState('');
  const { busy, refusal, run } = useAction();

  async function read(file: File | undefined): Promise<void> {
    setBackup(null);
    setFault(undefined);
    if (!file) return;
    const parsed = parseStudyBackup(file.size > MOST_BACKUP_BYTES ? '' : await file.text());
    if (isRejection(parsed)) setFault(parsed.message);
    else setBackup(parsed);
  }

  async function load(): Promise<void> {
    const restored = await restoreKey(backup!, passphrase);
    if (isRejection(restored)) throw new Error(restored.message);
    await onLoaded();
  }

  return (
    <form
      className="space-y-4"
      data-testid="load-backup"
      onSubmit={(event) => {
        event.preventDefault();
        if (backup) void run(load);
      }}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Backup file"
          type="file"
          accept=".json,application/json"
          error={fault}
          hint={
            backup && (
              <>
                The key <Fingerprint of={backup.publicKey} />
                {told !== null && (backup.publicKey === told ? ': the coordinator’s' : ': not the coordinator’s')}
              </>
            )
          }
          onChange={(event) => void read(event.target.files?.[0])}
        />
        <TextField
          label="Its passphrase"
          type="password"
          autoComplete="off"
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
        />
      </div>
      {refusal && <Notice tone="bad" title={refusal} />}
      <Button type="submit" disabled={busy || !backup || passphrase === ''}>
        {busy ? 'Opening it …' : 'Load the key into this browser'}
      </Button>
      <CommandLine
        words={['study', 'import', backup ? backupName(backup.publicKey) : 'BACKUP']}
        label="Take the key out of its backup from a shell"
      />
    </form>
  );
}
