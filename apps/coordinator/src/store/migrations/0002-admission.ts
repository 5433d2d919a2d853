import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Who is let in to a task, who is signed in with which role, and an audit log that can be read page by page. */
export const admission: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db;
    await schema
      .createTable('task_admission')
      .addColumn('task', 'text', (column) => column.primaryKey())
      .addColumn('admission', 'text', (column) => column.notNull())
      .execute();
    await schema
      .createTable('verdicts')
      .addColumn('device', 'text', (column) => column.notNull())
      .addColumn('task', 'text', (column) => column.notNull())
      .addColumn('key', 'text')
      .addColumn('verdict', 'text', (column) => column.notNull())
      .addColumn('invite', 'text')
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('verdicts_key', ['device', 'task'])
      .execute();
    await schema
      .createTable('invites')
      .addColumn('invite', 'text', (column) => column.primaryKey())
      .addColumn('task', 'text', (column) => column.notNull())
      .addColumn('label', 'text', (column) => column.notNull())
      .addColumn('uses', 'integer', (column) => column.notNull())
      .addColumn('used', 'integer', (column) => column.notNull())
      .addColumn('expiry', 'bigint')
      .addColumn('made', 'bigint', (column) => column.notNull())
      .addColumn('revoked', 'bigint')
      .execute();

    // Sessions from before there were people and roles: whoever holds one signs in again.
    await schema.dropTable('admin_sessions').execute();
    await schema
      .createTable('admin_sessions')
      .addColumn('session', 'text', (column) => column.primaryKey())
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('expiry', 'bigint', (column) => column.notNull())
      .execute();

    await schema
      .createTable('audit_entries')
      .addColumn('entry', 'integer', (column) => column.primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('who', 'text', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('detail', 'text', (column) => column.notNull())
      .execute();
    await sql`INSERT INTO audit_entries (entry, at, who, action, detail)
      SELECT row_number() OVER (ORDER BY at), at, 'local admin', action, detail FROM audit`.execute(db);
    await schema.dropTable('audit').execute();
  },
};
