import { Certificate } from '@sotto/protocol/certificate';
import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

export interface Certificates {
  /** Keeps the certificate, unless one that lives longer is kept already. */
  keepCertificate(certificate: Certificate): Promise<void>;
  /** Unexpired certificates of one task, or of one device in it. */
  certificates(task: string, now: number, device?: string): Promise<Certificate[]>;
}

export function createCertificates(db: Kysely<Tables>): Certificates {
  return {
    async keepCertificate(certificate) {
      const { id, task, role, expiry } = certificate;
      const text = JSON.stringify(certificate);
      await db
        .insertInto('certificates')
        .values({ device: id, task, role, expiry, certificate: text })
        .onConflict((conflict) =>
          conflict
            .columns(['device', 'task', 'role'])
            .doUpdateSet({ expiry, certificate: text })
            .where('certificates.expiry', '<', expiry),
        )
        .execute();
    },
    async certificates(task, now, device) {
      let query = db
        .selectFrom('certificates')
        .select('certificate')
        .where('task', '=', task)
        .where('expiry', '>', now);
      if (device !== undefined) query = query.where('device', '=', device);
      const rows = await query.orderBy('device').orderBy('role').execute();
      return rows.map((row) => Certificate.parse(JSON.parse(row.certificate)));
    },
  };
}
