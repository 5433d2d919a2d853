import { featureLayers, suggestFeatures } from '@sotto/learner/import/head';
import { shardPaths } from '@sotto/learner/import/manifest';
import { useMemo, useState } from 'react';
import type { NamedFile } from '../../participant/data/dropped-files.ts';
import { FileDrop } from '../../participant/data/file-drop.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { ChoiceField } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatPlural } from '../../ui/quantity.ts';
import { type ModelDraft, shapeOf } from './draft.ts';
import type { ModelUpload } from './draft-store.ts';
import { useForm } from './form.tsx';
import { readUpload } from './model-check.ts';

type Upload = Extract<ModelDraft, { from: 'upload' }>;

const baseName = (path: string) => path.split('/').at(-1)!;

/** The files of a model: one model.json, and what lies beside it. */
async function takeFiles(files: readonly NamedFile[], before: ModelUpload | null): Promise<ModelUpload | string> {
  const described = files.filter(({ path }) => /\.json$/i.test(path));
  if (described.length > 1)
    return `Only one of ${described.map(({ path }) => baseName(path)).join(', ')} can be the model.`;
  const [json] = described;
  const others = files.filter(({ path }) => !/\.json$/i.test(path));
  if (!json && !before) {
    const [first] = others;
    return /\.(keras|h5|hdf5)$/i.test(first?.path ?? '')
      ? `${baseName(first!.path)} is Keras’ own format. Convert it with tensorflowjs_converter --input_format keras, or save model.to_json() as model.json.`
      : 'There is no model.json among these files.';
  }
  const shards = new Map(json ? [] : before!.shards);
  for (const { path, file } of others) shards.set(baseName(path), new Uint8Array(await file.arrayBuffer()));
  return json ? { name: baseName(json.path), json: await json.file.text(), shards } : { ...before!, shards };
}

/** Somebody's own model: its files, and what of it is used. */
export function UploadedModel({ choice, onChoose }: { choice: Upload; onChoose: (choice: Upload) => void }) {
  const { draft, attachments, attach } = useForm();
  const { model: upload } = attachments;
  const [refusal, setRefusal] = useState<string | null>(null);
  const reading = useMemo(() => upload && readUpload(upload, shapeOf(draft)), [upload, draft]);
  const read = reading && 'read' in reading ? reading.read : null;
  const missing = read?.weights ? shardPaths(read.weights).filter((path) => !upload!.shards.has(path)) : [];
  const hasWeights = read?.weights && missing.length === 0;

  async function take(files: readonly NamedFile[]): Promise<void> {
    setRefusal(null);
    const taken = await takeFiles(files, upload).catch(() => 'The files could not be read. Choose them again.');
    if (typeof taken === 'string') return setRefusal(taken);
    attach({ model: taken });
    if (taken.json !== upload?.json) onChoose({ ...choice, features: '' });
  }

  return (
    <Card title="Your model">
      <div className="space-y-5">
        <FileDrop
          label="Choose model.json and weights"
          accept=".json,.bin"
          folders
          onFiles={(files) => void take(files)}
        >
          <p>
            From Keras: tensorflowjs_converter --input_format keras, or model.to_json() for the model without weights.
            From TF.js: model.save(). It stays in this browser until the task is saved.
          </p>
        </FileDrop>
        {refusal && <Notice tone="bad" title={refusal} />}
        {reading && 'refused' in reading && <Notice tone="bad" testId="model-refused" title={reading.refused} />}
        {upload && read && (
          <div className="text-sm" data-testid="model-read">
            <p className="font-medium">
              {upload.name}: {formatPlural(read.model.config.layers.length, 'layer')}
              {hasWeights ? ', with its weights' : ', without weights'}
            </p>
            {read.changes.length > 0 && (
              <ul className="mt-1 list-disc pl-5 text-muted">
                {read.changes.map((change) => (
                  <li key={change}>{change}</li>
                ))}
              </ul>
            )}
          </div>
        )}
        {missing.length > 0 && (
          <Notice
            tone="warn"
            title={`Its weights are in ${missing.join(', ')}: add ${missing.length === 1 ? 'it' : 'them'}, too.`}
          >
            Without them only the model’s layers can be used, with fresh weights.
          </Notice>
        )}
        {read && (
          <div className="grid gap-5 sm:grid-cols-2">
            <ChoiceField
              label="Use"
              value={choice.use}
              onChange={({ target }) =>
                onChoose({ ...choice, use: target.value === 'features' ? 'features' : 'whole' })
              }
            >
              <option value="whole">the whole model</option>
              <option value="features" disabled={!hasWeights}>
                its features, with a new answer behind them{!hasWeights && ' (needs its weights)'}
              </option>
            </ChoiceField>
            {choice.use === 'features' ? (
              <ChoiceField
                label="Features are what comes out of"
                hint="A new dense layer behind this one answers. All of it learns, beginning with the weights that came: a small learning rate keeps them close."
                value={choice.features || suggestFeatures(read.model)}
                onChange={({ target }) => onChoose({ ...choice, features: target.value })}
              >
                {featureLayers(read.model).map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </ChoiceField>
            ) : (
              <ChoiceField
                label="Begin with"
                value={String(choice.weights)}
                onChange={({ target }) => onChoose({ ...choice, weights: target.value === 'true' })}
              >
                <option value="false">fresh weights</option>
                <option value="true" disabled={!hasWeights}>
                  the weights that came with it
                </option>
              </ChoiceField>
            )}
          </div>
        )}
        {upload && (
          <Button look="quiet" onClick={() => attach({ model: null })}>
            Remove the model
          </Button>
        )}
      </div>
    </Card>
  );
}
