import { ADMIN_NEWS, type Changed } from '@sotto/protocol/admin/changes';
import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { io } from 'socket.io-client';
import { ADMIN, sessionQuery } from '../../api/queries.ts';
import { forgetNews, takeNews } from './live.ts';
import { createRefreshing } from './refreshing.ts';

/** For a coordinator that turned the connection away, which may be because it could not look up the session. */
const RETRY_MS = 5000;
/** What every page shows something of is asked for no more often: in a round with many devices there is always news. */
const OVERVIEW_MS = 1000;

/** Whether a query, by its key `['admin', what, task, …]`, asks for what has changed. */
export function isConcerned([area, what, task]: QueryKey, changed: Changed): boolean {
  if (area !== ADMIN[0]) return false;
  return what === changed.what && (changed.task === undefined || task === undefined || task === changed.task);
}

/**
 * Fetches anew what the coordinator says has changed, and everything after each time it could not say so.
 * @param enabled whether somebody is signed in: nobody else is told anything
 * @returns since when there is no connection, ms since 1970; null while there is one, and before the first
 */
export function useChanges(enabled: boolean): number | null {
  const client = useQueryClient();
  const [lostAt, setLostAt] = useState<number | null>(null);
  useEffect(() => {
    if (!enabled) return;
    const refresh = createRefreshing(client);
    const socket = io('/admin', { transports: ['websocket'] });
    let again: ReturnType<typeof setTimeout> | undefined;
    const lost = () => {
      setLostAt((before) => before ?? Date.now());
      clearTimeout(again);
      if (socket.active) return;
      // Turned away, most likely because the session has ended; Socket.IO does not connect again by itself.
      void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
      again = setTimeout(() => socket.connect(), RETRY_MS);
    };
    let soon: ReturnType<typeof setTimeout> | undefined;
    const refreshOverview = () => {
      soon ??= setTimeout(() => {
        soon = undefined;
        refresh('overview', ([area, what]) => area === ADMIN[0] && what === 'overview');
      }, OVERVIEW_MS);
    };
    socket.on('changed', (given: unknown) => {
      const { data } = ADMIN_NEWS.changed.safeParse(given);
      if (!data) return;
      refresh(`${data.what} ${data.task}`, (key) => isConcerned(key, data));
      if (data.what !== 'audit') refreshOverview();
    });
    socket.on('live', (given: unknown) => {
      refreshOverview();
      const { data } = ADMIN_NEWS.live.safeParse(given);
      if (data && takeNews(client, data))
        refresh(`live ${data.task}`, ([, what, task]) => what === 'live' && task === data.task);
    });
    socket.on('connect', () => {
      setLostAt(null);
      forgetNews();
      refresh('all', ([area]) => area === ADMIN[0]);
    });
    socket.on('disconnect', lost);
    socket.on('connect_error', lost);
    return () => {
      clearTimeout(again);
      clearTimeout(soon);
      socket.disconnect();
      setLostAt(null);
    };
  }, [client, enabled]);
  return lostAt;
}
