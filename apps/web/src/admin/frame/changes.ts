import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { io } from 'socket.io-client';
import { ADMIN } from '../../api/queries.ts';

/** For a coordinator that turned the connection away because it could not look up the session. */
const RETRY_MS = 5000;

/**
 * Fetches anew whenever the coordinator says that something changed, and after each time it could not.
 * @param enabled whether somebody is signed in: nobody else is told anything
 * @returns since when there is no connection, ms since 1970; null while there is one, and before the first
 */
export function useChanges(enabled: boolean): number | null {
  const client = useQueryClient();
  const [lostAt, setLostAt] = useState<number | null>(null);
  useEffect(() => {
    if (!enabled) return;
    const socket = io('/admin', { transports: ['websocket'] });
    const refresh = () => void client.invalidateQueries({ queryKey: ADMIN });
    let again: ReturnType<typeof setTimeout> | undefined;
    const lost = () => {
      setLostAt((before) => before ?? Date.now());
      // Whom the coordinator turns away, Socket.IO does not connect again.
      clearTimeout(again);
      if (!socket.active) again = setTimeout(() => socket.connect(), RETRY_MS);
    };
    socket.on('changed', refresh);
    socket.on('connect', () => {
      setLostAt(null);
      refresh();
    });
    socket.on('disconnect', lost);
    socket.on('connect_error', lost);
    return () => {
      clearTimeout(again);
      socket.disconnect();
      setLostAt(null);
    };
  }, [client, enabled]);
  return lostAt;
}
