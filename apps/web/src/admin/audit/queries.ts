import { type AuditFilter, AuditNames } from '@sotto/protocol/admin/evidence';
import { AuditPage } from '@sotto/protocol/views';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ADMIN } from '../../api/queries.ts';
import { request } from '../../api/request.ts';

const ENTRIES_A_PAGE = 50;
const AUDIT = [...ADMIN, 'audit'] as const;

/** Those of the filter that are set, as they stand in an address. */
export function filterQuery(filter: AuditFilter): URLSearchParams {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined && value !== '');
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
}

export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: [...AUDIT, null, filterQuery(filter).toString()],
    queryFn: ({ pageParam }) => {
      const query = filterQuery(filter);
      query.set('most', String(ENTRIES_A_PAGE));
      if (pageParam !== null) query.set('before', String(pageParam));
      return request(AuditPage, 'GET', `/api/admin/audit?${query}`);
    },
    initialPageParam: null as number | null,
    getNextPageParam: ({ entries }) => (entries.length < ENTRIES_A_PAGE ? undefined : entries.at(-1)?.entry),
    placeholderData: keepPreviousData,
  });

export const auditNamesQuery = queryOptions({
  queryKey: [...AUDIT, null, 'names'],
  queryFn: () => request(AuditNames, 'GET', '/api/admin/audit/names'),
});
