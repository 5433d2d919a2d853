import { useState } from 'react';
import { useDropzone } from 'react-dropzone';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { TextField } from '../../ui/field.tsx';
import { CommandLine } from '../frame/command-line.tsx';
import { Outcome } from './outcome.tsx';
import { pinsOf } from './trust.ts';
import { useCheck } from './use-check.ts';

/** A file from anywhere, checked in the page. It is sent nowhere. */
export function FileCheck() {
  const [trust, setTrust] = useState('');
  const [name, setName] = useState<string | null>(null);
  const { state, start } = useCheck();
  const pins = pinsOf(trust);
  const { getRootProps, getInputProps, open, isDragActive } = useDropzone({
    multiple: false,
    noClick: true,
    noKeyboard: true,
    useFsAccessApi: false,
    disabled: typeof pins === 'string',
    onDropAccepted([file]) {
      if (!file || typeof pins === 'string') return;
      setName(file.name);
      void start(async () => new Uint8Array(await file.arrayBuffer()), pins);
    },
  });
  return (
    <Card title="Check a file" testId="file-check">
      <div className="space-y-4">
        <p className="text-sm text-muted">
          An evidence file or a single transcript, from whomever. It stays in this page. Who would rather not rely on a
          page that the coordinator serves checks it with the command.
        </p>
        <TextField
          label="Insist on (may stay empty)"
          hint="The study key, or the link that participants were given."
          error={typeof pins === 'string' ? pins : undefined}
          value={trust}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setTrust(event.target.value)}
        />
        <div
          {...getRootProps({
            role: 'presentation',
            className: `rounded-xl border border-dashed px-4 py-5 text-center text-sm ${isDragActive ? 'border-accent bg-accent-soft' : 'border-line-strong'}`,
          })}
        >
          <input {...getInputProps({ 'aria-label': 'Evidence file or transcript', style: { display: 'none' } })} />
          <Button onClick={open} disabled={typeof pins === 'string'}>
            Choose a file
          </Button>
          <p className="mt-2 text-muted">{name ?? 'or drop it here'}</p>
        </div>
        <Outcome state={state} />
        <CommandLine words={['verify', name ?? 'evidence.zip']} />
      </div>
    </Card>
  );
}
