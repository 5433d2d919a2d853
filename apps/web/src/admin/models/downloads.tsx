import { versionName } from '@sotto/learner/export/file-names';
import type { ModelVersion } from '@sotto/protocol/admin/models';
import { sha256Hex } from '@sotto/protocol/digest';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { taskQuery } from '../../api/queries.ts';
import { RequestError, requestBytes } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { CommandLine } from '../frame/command-line.tsx';
import { useTask } from '../frame/context.ts';

const FORMATS = [
  { format: 'tfjs', name: 'TensorFlow.js', text: 'model.json, weights.bin, labels and how to use them, in a zip.' },
  { format: 'safetensors', name: 'safetensors', text: 'As it was published: the hash above is of this file.' },
  { format: 'npz', name: 'NumPy (.npz)', text: 'np.load gives each tensor by name.' },
] as const;
type Format = (typeof FORMATS)[number]['format'];

/** The version in formats that others read, made in this page by the code that the command has. */
export function Downloads({ version }: { version: ModelVersion }) {
  const { id } = useTask();
  const client = useQueryClient();
  const [busy, setBusy] = useState<Format | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [last, setLast] = useState<Format>('tfjs');
  const { model, run, round } = version;

  async function download(format: Format): Promise<void> {
    const file = (await requestBytes(`/api/models/${model}`)) as Uint8Array<ArrayBuffer>;
    if (sha256Hex(file) !== model)
      throw new RequestError('model_hash', 'The file that came is not this model: its digest is another. Try again.');
    const name = versionName(id, round);
    if (format === 'safetensors') return saveFile(`${name}.safetensors`, 'application/octet-stream', file);
    if (format === 'npz') {
      const { exportNpz } = await import('@sotto/learner/export/npz');
      return saveFile(`${name}.npz`, 'application/zip', exportNpz(file));
    }
    const [{ tfjsZip }, { task }] = await Promise.all([
      import('@sotto/learner/export/tfjs-zip'),
      client.fetchQuery(taskQuery(id)),
    ]);
    saveFile(`${name}-tfjs.zip`, 'application/zip', tfjsZip(file, { task, run, version }));
  }

  async function save(format: Format): Promise<void> {
    setBusy(format);
    setLast(format);
    setFault(null);
    try {
      await download(format);
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
    setBusy(null);
  }

  return (
    <Card title="Download" testId="downloads">
      <ul className="divide-y divide-line text-sm">
        {FORMATS.map(({ format, name, text }) => (
          <li key={format} className="flex items-center justify-between gap-4 py-3 first:pt-0">
            <div className="min-w-0">
              <p className="font-medium">{name}</p>
              <p className="text-muted">{text}</p>
            </div>
            <Button disabled={busy !== null} onClick={() => void save(format)} aria-label={`Save for ${name}`}>
              {busy === format ? 'Fetching …' : 'Save'}
            </Button>
          </li>
        ))}
      </ul>
      {fault && <p className="mb-3 text-sm font-medium text-bad">{fault}</p>}
      <CommandLine words={['model', 'download', id, model.slice(0, 12), '--format', last]} />
    </Card>
  );
}
