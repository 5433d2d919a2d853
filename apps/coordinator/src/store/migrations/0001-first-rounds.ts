import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const firstRounds: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db;
    await schema
      .createTable('meta')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('value', 'text', (column) => column.notNull())
      .execute();
    await schema
      .createTable('tasks')
      .addColumn('task', 'text', (column) => column.primaryKey())
      .addColumn('topology', 'text', (column) => column.notNull())
      .addColumn('parameters', 'integer', (column) => column.notNull())
      .addColumn('seen', 'bigint', (column) => column.notNull())
      .execute();
    await schema
      .createTable('runs')
      .addColumn('run', 'text', (column) => column.primaryKey())
      .addColumn('task', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('note', 'text')
      .addColumn('config', 'text', (column) => column.notNull())
      .addColumn('initial', 'text', (column) => column.notNull())
      .addColumn('started', 'bigint', (column) => column.notNull())
      .execute();
    await schema
      .createTable('rounds')
      .addColumn('run', 'text', (column) => column.notNull().references('runs.run'))
      .addColumn('round', 'bigint', (column) => column.notNull())
      .addColumn('setup', 'text', (column) => column.notNull())
      .addColumn('plan', 'text')
      .addColumn('outcome', 'text')
      .addPrimaryKeyConstraint('rounds_key', ['run', 'round'])
      .execute();
    await schema
      .createTable('round_events')
      .addColumn('run', 'text', (column) => column.notNull())
      .addColumn('round', 'bigint', (column) => column.notNull())
      .addColumn('seq', 'integer', (column) => column.notNull())
      .addColumn('event', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('round_events_key', ['run', 'round', 'seq'])
      .addForeignKeyConstraint('round_events_round', ['run', 'round'], 'rounds', ['run', 'round'])
      .execute();
    await schema
      .createTable('plans')
      .addColumn('plan', 'text', (column) => column.primaryKey())
      .addColumn('signed', 'text', (column) => column.notNull())
      .execute();
    await schema
      .createTable('transcripts')
      .addColumn('transcript', 'text', (column) => column.primaryKey())
      .addColumn('run', 'text', (column) => column.notNull())
      .addColumn('round', 'bigint', (column) => column.notNull())
      .addColumn('signed', 'text', (column) => column.notNull())
      .execute();
    await schema
      .createTable('models')
      .addColumn('model', 'text', (column) => column.primaryKey())
      .addColumn('task', 'text', (column) => column.notNull())
      .addColumn('run', 'text', (column) => column.notNull())
      .addColumn('round', 'bigint', (column) => column.notNull())
      .addColumn('made', 'bigint', (column) => column.notNull())
      .execute();
    await schema
      .createTable('devices')
      .addColumn('device', 'text', (column) => column.notNull())
      .addColumn('task', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('contributes', 'integer', (column) => column.notNull())
      .addColumn('seen', 'bigint', (column) => column.notNull())
      .addColumn('asked', 'integer', (column) => column.notNull())
      .addColumn('contributed', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('devices_key', ['device', 'task'])
      .execute();
    await schema
      .createTable('certificates')
      .addColumn('device', 'text', (column) => column.notNull())
      .addColumn('task', 'text', (column) => column.notNull())
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('expiry', 'bigint', (column) => column.notNull())
      .addColumn('certificate', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('certificates_key', ['device', 'task', 'role'])
      .execute();
    await schema
      .createTable('admin_sessions')
      .addColumn('session', 'text', (column) => column.primaryKey())
      .addColumn('expiry', 'bigint', (column) => column.notNull())
      .execute();
    await schema
      .createTable('audit')
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('detail', 'text', (column) => column.notNull())
      .execute();
  },
};
