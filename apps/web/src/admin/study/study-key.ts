import { StudyKeyView } from '@sotto/protocol/admin/study';
import {
  type Certificate,
  certificateString,
  issueCertificate,
  MAX_CERTIFICATE_LIFETIME_MS,
  type Role,
} from '@sotto/protocol/certificate';
import { type Signer, signerOf, verifySignature } from '@sotto/protocol/signature';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { ADMIN } from '../../api/queries.ts';
import { command, request } from '../../api/request.ts';
import { saveFile } from '../../ui/save-file.ts';
import { type HeldKey, heldKeyQuery } from './held-key.ts';
import { type KeyStanding, standingOf } from './standing.ts';

const studyKeyQuery = queryOptions({
  queryKey: [...ADMIN, 'study'],
  queryFn: () => request(StudyKeyView, 'GET', '/api/admin/study-key'),
});

/** The longest a certificate may hold is counted by whoever checks it, whose clock may be a little behind. */
const CLOCKS_MS = 60_000;

export interface StudyKeys {
  readonly told: StudyKeyView;
  readonly held: HeldKey | null;
  readonly standing: KeyStanding;
  /** Signs with the study key; null where this browser does not hold it. */
  readonly signer: Signer | null;
  /** What this browser holds has changed. */
  refresh(): Promise<void>;
}

/** Undefined while it is not known. */
export function useStudyKeys(): StudyKeys | undefined {
  const client = useQueryClient();
  const { data: told } = useQuery(studyKeyQuery);
  const { data: held } = useQuery(heldKeyQuery);
  if (!told || held === undefined) return undefined;
  const standing = standingOf(told.key, held?.publicKey ?? null);
  return {
    told,
    held,
    standing,
    signer: standing === 'held' && held ? signerOf(held.privateKey, held.publicKey) : null,
    refresh: () => client.invalidateQueries({ queryKey: heldKeyQuery.queryKey }),
  };
}

/** Signs a certificate for each of these keys, as long as one may hold, and has the coordinator keep them. */
export async function certify(
  signer: Signer,
  { keys, task, role }: { readonly keys: readonly string[]; readonly task: string; readonly role: Role },
): Promise<void> {
  const expiry = Date.now() + MAX_CERTIFICATE_LIFETIME_MS - CLOCKS_MS;
  for (const key of keys)
    await command('POST', '/api/admin/certificates', await issueCertificate(signer, { key, task, role, expiry }));
}

/** The same again for whoever holds a certificate of this key: what the coordinator gives out as one is looked at first. */
export async function renew(signer: Signer, certificates: readonly Certificate[]): Promise<void> {
  for (const certificate of certificates) {
    const { key, task, role, signature } = certificate;
    if (!(await verifySignature(signer.publicKey, certificateString(certificate), signature)))
      throw new Error(
        `The certificate of ${certificate.id.slice(0, 8)} was not made with this study key. Compare its fingerprint and certify it anew.`,
      );
    await certify(signer, { keys: [key], task, role });
  }
}

export const setStudyKey = (key: string | null, replaces: string | null): Promise<void> =>
  command('PUT', '/api/admin/study-key', { key, replaces });

export const backupName = (publicKey: string): string => `sotto-study-key-${publicKey.slice(0, 8)}.json`;

export function saveBackup({ publicKey, backup }: HeldKey): void {
  saveFile(backupName(publicKey), 'application/json', `${JSON.stringify(backup, null, 2)}\n`);
}
