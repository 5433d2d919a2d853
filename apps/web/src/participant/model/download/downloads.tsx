import { versionName } from '@sotto/learner/export/file-names';
import { safetensorsSnippet, tfjsSnippet } from '@sotto/learner/export/snippets';
import { outputOf } from '@sotto/learner/export/tfjs';
import { labelsFile, tfjsZip } from '@sotto/learner/export/tfjs-zip';
import type { PublishedRound } from '@sotto/protocol/run';
import type { TaskManifest } from '@sotto/protocol/task';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { formatBytes } from '../../../ui/quantity.ts';
import { saveFile } from '../../../ui/save-file.ts';
import { ScrollRegion } from '../../../ui/scroll-region.tsx';
import { FailureNotice } from '../failure-notice.tsx';

interface DownloadsProps {
  task: TaskManifest;
  run: string;
  version: PublishedRound;
  file: Uint8Array<ArrayBuffer>;
}

/** The version to take home, in two formats, each with the code that opens it. */
export function Downloads({ task, run, version, file }: DownloadsProps) {
  const { t } = useTranslation('model');
  const [error, setError] = useState<unknown>(null);
  const name = versionName(task.id, version.round);
  const output = useMemo(() => outputOf(file), [file]);
  function saveZip(): void {
    try {
      saveFile(
        `${name}-tfjs.zip`,
        'application/zip',
        tfjsZip(file, { task, run, version: { ...version, made: version.endedAt } }),
      );
      setError(null);
    } catch (problem) {
      setError(problem);
    }
  }
  return (
    <div className="space-y-6">
      <p className="text-muted">{t('download.intro')}</p>
      {error !== null && <FailureNotice error={error} />}
      <Offer
        title={t('download.tfjs.title')}
        text={t('download.tfjs.text')}
        button={<Button onClick={saveZip}>{t('download.tfjs.get')}</Button>}
        code={tfjsSnippet(task, output)}
        note={t('download.unzip')}
      />
      <Offer
        title={t('download.safetensors.title')}
        text={`${t('download.safetensors.text')} ${formatBytes(file.length)}.`}
        button={
          <Button onClick={() => saveFile(`${name}.safetensors`, 'application/octet-stream', file)}>
            {t('download.safetensors.get')}
          </Button>
        }
        code={safetensorsSnippet(name, task, file)}
      />
      <Offer
        title={t('download.labels.title')}
        text={t('download.labels.text')}
        button={
          <Button onClick={() => saveFile(`sotto-${task.id}-labels.txt`, 'text/plain', labelsFile(task))}>
            {t('download.labels.get')}
          </Button>
        }
      />
    </div>
  );
}

interface OfferProps {
  title: string;
  text: string;
  button: ReactNode;
  code?: string;
  note?: string;
}

function Offer({ title, text, button, code, note }: OfferProps) {
  const { t } = useTranslation('model');
  return (
    <section className="border-t border-line pt-5">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 sm:flex-nowrap">
        <div className="min-w-0">
          <h3 className="font-medium">{title}</h3>
          <p className="text-sm text-muted">{text}</p>
        </div>
        <div className="shrink-0">{button}</div>
      </div>
      {code && (
        <details className="mt-2 text-sm">
          <summary className="min-h-10 py-2 text-accent">{t('download.how')}</summary>
          {note && <p className="mb-3 text-muted">{note}</p>}
          <ScrollRegion label={t('download.code', { title })} className="rounded-lg bg-sunken p-4">
            <pre lang="en" className="font-mono text-xs leading-relaxed">
              {code}
            </pre>
          </ScrollRegion>
          <div className="mt-2">
            <CopyButton text={code} label={t('download.copy')} />
          </div>
        </details>
      )}
    </section>
  );
}
