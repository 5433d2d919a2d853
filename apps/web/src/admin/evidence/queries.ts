import { Transcript } from '@sotto/protocol/transcript';
import { queryOptions } from '@tanstack/react-query';
import { ADMIN } from '../../api/queries.ts';
import { request } from '../../api/request.ts';

/** A record as it is served, well-formed; whether it holds is for the check to say. It never changes. */
export const transcriptQuery = (hash: string) =>
  queryOptions({
    queryKey: [...ADMIN, 'transcript', hash],
    queryFn: () => request(Transcript, 'GET', `/api/transcripts/${encodeURIComponent(hash)}`),
    staleTime: Number.POSITIVE_INFINITY,
  });

export interface Extent {
  readonly run: string;
  readonly round?: number;
  readonly whole: boolean;
}

/** Where the evidence file of a run, or of one of its rounds, is. */
export function evidencePath({ run, round, whole }: Extent): string {
  const query = new URLSearchParams(round === undefined ? {} : { from: String(round), to: String(round) });
  if (whole) query.set('whole', 'true');
  const text = query.toString();
  return `/api/admin/runs/${encodeURIComponent(run)}/evidence${text && `?${text}`}`;
}

/** What it is called once it is saved: as the command calls it. */
export function evidenceName({ run, round }: Pick<Extent, 'run' | 'round'>): string {
  return `evidence-${run}${round === undefined ? '' : `-round-${round}`}.zip`;
}

/** The command that saves the same. */
export function evidenceCommand({ run, round, whole }: Extent): (string | number)[] {
  return ['run', 'evidence', run, ...(round === undefined ? [] : ['--round', round]), ...(whole ? ['--whole'] : [])];
}
