import { Certificate } from '@sotto/protocol/certificate';
import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

export interface Certificates {
  /** Keeps the certificate that holds under the study key, unless one under the same key that lives longer is kept already. */
  keepCertificate(certificate: Certificate, studyKey: string): Promise<void>;
  /** Unexpired certificates under the study key, of one task or of one device in it; of those kept before keys were noted, any. */
  certificates(task: string, studyKey: string | null, now: number, device?: string): Promise<Certificate[]>;
}

export function createCertificates(db: Kysely<Tables>): Certificates {
  return {
    async keepCertificate(certificate, studyKey) {
      const { id, task, role, expiry } = certificate;
      const text = JSON.stringify(certificate);
      await db
        .insertInto('certificates')
        .values({ device: id, task, role, expiry, certificate: text, study: studyKey })
        .onConflict((conflict) =>
          conflict
            .columns(['device', 'task', 'role'])
            .doUpdateSet({ expiry, certificate: text, study: studyKey })
            .where(({ eb, or }) =>
              or([
                eb('certificates.expiry', '<', expiry),
                eb('certificates.study', '!=', studyKey),
                eb('certificates.study', 'is', null),
              ]),
            ),
        )
        .execute();
    },
    async certificates(task, studyKey, now, device) {
      if (studyKey === null) return [];
      let query = db
        .selectFrom('certificates')
        .select('certificate')
        .where('task', '=', task)
        .where('expiry', '>', now)
        .where(({ eb, or }) => or([eb('study', '=', studyKey), eb('study', 'is', null)]));
      if (device !== undefined) query = query.where('device', '=', device);
      const rows = await query.orderBy('device').orderBy('role').execute();
      return rows.map((row) => Certificate.parse(JSON.parse(row.certificate)));
    },
  };
}
