import { useQuery } from '@tanstack/react-query';
import { adminQuery } from '../../api/queries.ts';
import { useAdmin, useTask } from '../frame/context.ts';
import { PageHead } from '../frame/page-head.tsx';
import { Devices } from './devices.tsx';

/** `/admin/t/:task/devices`. */
export function DevicesPage() {
  const { mayChange, studyKey } = useAdmin();
  const { id, title } = useTask();
  const { data } = useQuery(adminQuery);
  const admission = data?.admissions.find(({ task }) => task === id);
  if (!data || !admission) return null;
  return (
    <>
      <PageHead title="Devices" name={`Devices of ${title}`} />
      <Devices
        devices={data.devices.filter(({ task }) => task === id)}
        admission={admission.admission}
        mayChange={mayChange}
        certifiable={studyKey !== null}
      />
    </>
  );
}
