import type { TaskFolder } from '@sotto/learner/task-folder/archive';
import { TaskRevisionView } from '@sotto/protocol/admin/tasks';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { ADMIN } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import type { NamedFile } from '../../participant/data/dropped-files.ts';
import { FileDrop } from '../../participant/data/file-drop.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { CommandLine } from '../frame/command-line.tsx';
import { useAdmin } from '../frame/context.ts';
import { importTask, openArchive } from './saving.ts';

/** A task that was exported, from here or from another coordinator, instead of a new one. */
export function ImportTask() {
  const { tasks } = useAdmin();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [folder, setFolder] = useState<TaskFolder | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [progress, setProgress] = useState<string | null>(null);
  const there = tasks.find(({ id }) => id === folder?.manifest.id);

  async function take([first]: readonly NamedFile[]): Promise<void> {
    setRefusal(null);
    setFolder(null);
    const opened = first && (await openArchive(first.file));
    if (!opened) return;
    if ('rejected' in opened) setRefusal(opened.message);
    else setFolder(opened);
  }

  async function make(from: TaskFolder): Promise<void> {
    setRefusal(null);
    setProgress('Preparing');
    try {
      const { id } = from.manifest;
      const now = there && (await request(TaskRevisionView, 'GET', `/api/admin/tasks/${id}`));
      await importTask(from, now?.latest ?? null, setProgress);
      await client.invalidateQueries({ queryKey: ADMIN });
      await navigate(`/admin/t/${id}/share`);
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error));
    }
    setProgress(null);
  }

  return (
    <Card title="Or import one" className="mt-5" testId="import-task">
      <div className="space-y-5">
        <FileDrop label="Choose an exported task" accept=".zip,application/zip" onFiles={(files) => void take(files)}>
          <p>A zip file that a dashboard or “sotto task export” wrote, from this coordinator or another.</p>
        </FileDrop>
        {refusal && <Notice tone="bad" title={refusal} />}
        {folder &&
          (there?.origin === 'folder' ? (
            <Notice tone="warn" title={`There is a task ${there.id} in a folder of the coordinator already.`}>
              Only its files change it. Give the task in the zip file’s task.json another id.
            </Notice>
          ) : (
            <div aria-live="polite" className="flex flex-wrap items-center gap-4">
              <Button look="primary" disabled={progress !== null} onClick={() => void make(folder)}>
                {there ? `Import as the next revision of ${there.title}` : `Import ${folder.manifest.title}`}
              </Button>
              {progress && <p className="text-sm text-muted">{progress} …</p>}
            </div>
          ))}
        <CommandLine words={['task', 'import', folder ? `${folder.manifest.id}.zip` : 'task.zip']} />
      </div>
    </Card>
  );
}
