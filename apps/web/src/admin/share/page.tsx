import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FailedRequest } from '../../api/failed-request.tsx';
import { admissionQuery } from '../../api/queries.ts';
import { Notice } from '../../ui/notice.tsx';
import { useAdmin, useTask } from '../frame/context.ts';
import { PageHead } from '../frame/page-head.tsx';
import { Admission } from './admission.tsx';
import { Invite } from './invite.tsx';
import { LocalDevices } from './local-devices.tsx';
import { PuttingAway } from './putting-away.tsx';

/** `/admin/t/:task/share`: how devices come to the task. */
export function SharePage() {
  const { mayChange, studyKey } = useAdmin();
  const task = useTask();
  const query = useQuery(admissionQuery(task.id));
  const [code, setCode] = useState<string | null>(null);
  return (
    <>
      <PageHead title="Share" name={`Share ${task.title}`}>
        Whoever opens the link in a browser can take part, as far as you let them in. Nothing has to be installed.
      </PageHead>
      {task.archived && (
        <Notice tone="warn" title="This task is archived">
          Whoever opens the link is told so. Restore the task first, below.
        </Notice>
      )}
      {query.error && <FailedRequest error={query.error} query={query} />}
      {query.data && (
        <div className="grid items-start gap-5 xl:grid-cols-2">
          <Invite task={task} admission={query.data.admission} code={code} />
          <fieldset disabled={!mayChange} className="grid min-w-0 gap-5">
            <Admission view={query.data} certifiable={studyKey !== null} onCode={setCode} />
            {!task.archived && <LocalDevices task={task.id} running={task.local} />}
            <PuttingAway task={task} />
          </fieldset>
        </div>
      )}
    </>
  );
}
