import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { Loading } from '../../ui/shell.tsx';
import { useAdmin } from '../frame/context.ts';
import { PageHead } from '../frame/page-head.tsx';
import { emptyDraft } from './draft.ts';
import { EnglishWords } from './english-words.tsx';
import { ImportTask } from './import-task.tsx';
import { useDraft } from './use-draft.ts';
import { Wizard } from './wizard.tsx';

/** `/admin/new` */
export function NewTaskPage() {
  const { mayChange } = useAdmin();
  const [search] = useSearchParams();
  const [start] = useState(() => ({ draft: emptyDraft(), base: null }));
  const use = useDraft('', start);
  if (!mayChange) return <PageHead title="New task">Only admins make tasks. Ask one of them.</PageHead>;
  if (!use) return <Loading />;
  return (
    <EnglishWords>
      <Wizard use={use} unfinished={null} />
      {search.get('step') === null && <ImportTask />}
    </EnglishWords>
  );
}
