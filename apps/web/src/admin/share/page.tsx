import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { adminQuery } from '../../api/queries.ts';
import { useAdmin, useTask } from '../frame/context.ts';
import { PageHead } from '../frame/page-head.tsx';
import { Admission } from './admission.tsx';
import { Invite } from './invite.tsx';
import { LocalDevices } from './local-devices.tsx';

/** `/admin/t/:task/share`: how devices come to the task. */
export function SharePage() {
  const { mayChange, studyKey, publicUrl } = useAdmin();
  const { id, title } = useTask();
  const { data } = useQuery(adminQuery);
  const [code, setCode] = useState<string | null>(null);
  const view = data?.tasks.find(({ task }) => task.id === id);
  const admission = data?.admissions.find(({ task }) => task === id);
  if (!data || !view || !admission) return null;
  return (
    <>
      <PageHead title="Share" name={`Share ${title}`}>
        Whoever opens the link can take part, as far as you let them in.
      </PageHead>
      <div className="grid items-start gap-5 xl:grid-cols-2">
        <Invite view={view} publicUrl={publicUrl} admission={admission.admission} code={code} />
        <fieldset disabled={!mayChange} className="grid min-w-0 gap-5">
          <Admission view={admission} certifiable={studyKey !== null} onCode={setCode} />
          <LocalDevices
            task={id}
            running={data.devices.filter(({ task, local, connected }) => local && connected && task === id).length}
          />
        </fieldset>
      </div>
    </>
  );
}
