import { TaskRevisionView, TaskSummary } from '@sotto/protocol/admin/tasks';
import type { TaskAdmission } from '@sotto/protocol/admission';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { UnreachablePage } from '../../api/failed-request.tsx';
import { ADMIN } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Loading } from '../../ui/shell.tsx';
import { useAction } from '../frame/action.ts';
import { CommandLine } from '../frame/command-line.tsx';
import { useAdmin, useTask } from '../frame/context.ts';
import { PageHead } from '../frame/page-head.tsx';
import { idFrom } from './draft.ts';
import { EnglishWords } from './english-words.tsx';
import { draftOf } from './manifest.ts';
import { useDraft } from './use-draft.ts';
import { Wizard } from './wizard.tsx';

const revisionQuery = (task: string) =>
  queryOptions({
    queryKey: [...ADMIN, 'tasks', task, 'revision'],
    queryFn: () => request(TaskRevisionView, 'GET', `/api/admin/tasks/${encodeURIComponent(task)}`),
  });

/** `/admin/t/:task/edit` */
export function EditTaskPage() {
  const { id, admission } = useTask();
  const query = useQuery(revisionQuery(id));
  if (query.data)
    return query.data.origin === 'folder' ? (
      <FolderTask view={query.data} />
    ) : (
      <OwnTask view={query.data} admission={admission} />
    );
  if (query.error) return <UnreachablePage error={query.error} query={query} />;
  return <Loading />;
}

function OwnTask({ view, admission }: { view: TaskRevisionView; admission: TaskAdmission }) {
  const { mayChange } = useAdmin();
  // What comes meanwhile does not change what is being typed; that somebody else was quicker is said when it is saved.
  const [seen] = useState(view);
  const [start] = useState(() => ({ draft: draftOf(seen.manifest, seen.card, admission), base: seen }));
  const use = useDraft(seen.id, start);
  if (!mayChange) return <PageHead title={`Change ${view.title}`}>Only admins change tasks. Ask one of them.</PageHead>;
  if (!use) return <Loading />;
  return (
    <EnglishWords>
      {use.base && view.revision !== use.base.revision && (
        <div className="mb-5">
          <Notice
            tone="warn"
            title={`Somebody saved revision ${view.revision} meanwhile; this draft began with ${use.base.revision}.`}
          >
            Start over to see it, and do again what you want to change.
          </Notice>
        </div>
      )}
      <Wizard use={use} unfinished={view.unfinished} />
    </EnglishWords>
  );
}

/** Tasks of folders belong to whoever keeps the folder; a copy can be changed here. */
function FolderTask({ view }: { view: TaskRevisionView }) {
  const { tasks, mayChange } = useAdmin();
  const navigate = useNavigate();
  const { busy, refusal, run } = useAction();
  const [title, setTitle] = useState(`${view.title}, changed`);
  const to = idFrom(title);
  const taken = tasks.some(({ id }) => id === to);
  async function copy(): Promise<void> {
    const done = await run(() => request(TaskSummary, 'POST', `/api/admin/tasks/${view.id}/copy`, { to, title }));
    if (done) await navigate(`/admin/t/${to}/edit`);
  }
  return (
    <div className="space-y-5" data-testid="folder-task">
      <PageHead title={`Change ${view.title}`}>
        This task lies in a folder on the coordinator’s machine, and only its files change it. A copy is your own.
      </PageHead>
      <Card title="Make a copy to change">
        <form
          className="max-w-lg space-y-5"
          onSubmit={(event) => {
            event.preventDefault();
            void copy();
          }}
        >
          <TextField
            label="Title"
            hint={to && `People open /t/${to}.`}
            error={taken ? `There is a task ${to} already. Choose another title.` : undefined}
            required
            maxLength={100}
            value={title}
            onChange={({ target }) => setTitle(target.value)}
          />
          {refusal && <Notice tone="bad" title={refusal} />}
          <Button type="submit" look="primary" disabled={busy || taken || to === '' || !mayChange}>
            {busy ? 'Copying …' : 'Copy and change'}
          </Button>
        </form>
        <div className="mt-5">
          <CommandLine
            words={['task', 'export', view.id, '--out', view.id]}
            label="Its files, to change them by hand"
          />
        </div>
      </Card>
    </div>
  );
}
