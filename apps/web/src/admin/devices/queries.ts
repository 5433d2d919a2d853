import { CommitteeView, DevicePage, type DeviceQuery } from '@sotto/protocol/admin/devices';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ADMIN } from '../../api/queries.ts';
import { request } from '../../api/request.ts';

/** Rows that are asked for together. */
export const ROWS_A_PAGE = 100;

/** What is looked for, in which order; never where in it one is. */
export type Looking = Pick<DeviceQuery, 'search' | 'show' | 'order' | 'reversed'>;

export const devicesQuery = (task: string, looking: Looking, page: number) =>
  queryOptions({
    queryKey: [...ADMIN, 'devices', task, 'page', looking, page],
    queryFn: () => {
      const words = new URLSearchParams({ ...looking, from: `${page * ROWS_A_PAGE}`, most: `${ROWS_A_PAGE}` });
      return request(DevicePage, 'GET', `/api/admin/tasks/${task}/devices?${words}`);
    },
    placeholderData: keepPreviousData,
  });

/** One device, by its id. */
export const deviceQuery = (task: string, device: string) =>
  queryOptions({
    queryKey: [...ADMIN, 'devices', task, 'one', device],
    queryFn: async () => {
      const page = await request(DevicePage, 'GET', `/api/admin/tasks/${task}/devices?search=${device}&most=1`);
      return page.devices.find((found) => found.device === device) ?? null;
    },
  });

export const committeeQuery = (task: string) =>
  queryOptions({
    queryKey: [...ADMIN, 'devices', task, 'committee'],
    queryFn: () => request(CommitteeView, 'GET', `/api/admin/tasks/${task}/committee`),
  });
