import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { io } from 'socket.io-client';
import { adminQuery } from '../api/queries.ts';

/** Fetches anew whenever the coordinator says that something changed. */
export function useChanges(): void {
  const client = useQueryClient();
  useEffect(() => {
    const socket = io('/admin', { transports: ['websocket'] });
    const refresh = () => void client.invalidateQueries({ queryKey: adminQuery.queryKey });
    socket.on('changed', refresh);
    socket.on('connect', refresh);
    return () => void socket.disconnect();
  }, [client]);
}
