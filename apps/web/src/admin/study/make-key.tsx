import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAction } from '../frame/action.ts';
import { CommandLine } from '../frame/command-line.tsx';
import { makeKey } from './held-key.ts';
import { drawPassphrase, faultOf } from './passphrase.ts';
import { saveBackup, setStudyKey } from './study-key.ts';

interface MakeKeyProps {
  /** The coordinator's key, which the new one takes the place of. */
  replaces: string | null;
  onMade: () => Promise<void>;
}

/** A new study key: its backup is saved, this browser holds it, and the coordinator is told of its public half. */
export function MakeKey({ replaces, onMade }: MakeKeyProps) {
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [suggested, setSuggested] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const { busy, refusal, run } = useAction();
  const fault = tried ? faultOf(passphrase, again) : {};

  async function make(): Promise<void> {
    const held = await makeKey(passphrase);
    saveBackup(held);
    await onMade();
    await setStudyKey(held.publicKey, replaces);
  }

  return (
    <form
      className="space-y-4"
      data-testid="make-key"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (Object.keys(faultOf(passphrase, again)).length === 0) void run(make);
      }}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Passphrase for the backup"
          type={suggested === null ? 'password' : 'text'}
          autoComplete="new-password"
          value={passphrase}
          error={fault.passphrase}
          onChange={(event) => {
            setPassphrase(event.target.value);
            setSuggested(null);
          }}
        />
        <TextField
          label="The passphrase again"
          type={suggested === null ? 'password' : 'text'}
          autoComplete="new-password"
          value={again}
          error={fault.again}
          onChange={(event) => setAgain(event.target.value)}
        />
      </div>
      {suggested !== null && (
        <Notice tone="calm" title="Write it down before you go on">
          Nobody can look it up: without it the backup opens for nobody.
        </Notice>
      )}
      {refusal && <Notice tone="bad" title={refusal} />}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="primary" disabled={busy}>
          {busy ? 'Making it …' : 'Make the key and save its backup'}
        </Button>
        <Button
          look="quiet"
          onClick={() => {
            const drawn = drawPassphrase();
            setSuggested(drawn);
            setPassphrase(drawn);
            setAgain(drawn);
          }}
        >
          Suggest a passphrase
        </Button>
      </div>
      <CommandLine words={['study', 'init']} label="Make a study key from a shell, in a file" />
    </form>
  );
}
