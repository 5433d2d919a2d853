import type { RoundEvent, RoundSetup } from '@sotto/fl-core/round/round';
import { Certificate } from '@sotto/protocol/certificate';
import { SignedPlan } from '@sotto/protocol/plan';
import { InvariantError } from '@sotto/protocol/rejection';
import { RoundOutcome, RunConfig, RunState } from '@sotto/protocol/run';
import { Transcript } from '@sotto/protocol/transcript';
import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';
import type { RunRecord, Store } from './store.ts';

/** The store over any SQL database that kysely speaks to and the migrations have run on. */
export function createSqlStore(db: Kysely<Tables>): Store {
  return {
    async remember(name, value) {
      await db
        .insertInto('meta')
        .values({ name, value })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const row = await db.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirstOrThrow();
      return row.value;
    },
    async recall(name) {
      const row = await db.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirst();
      return row?.value;
    },

    async parametersOf(task, topology) {
      const row = await db
        .selectFrom('tasks')
        .select('parameters')
        .where('task', '=', task)
        .where('topology', '=', topology)
        .executeTakeFirst();
      return row?.parameters;
    },
    async saveTask(task, topology, parameters, seen) {
      await db
        .insertInto('tasks')
        .values({ task, topology, parameters, seen })
        .onConflict((conflict) => conflict.column('task').doUpdateSet({ topology, parameters, seen }))
        .execute();
    },

    async addRun({ run, task, state, note, config, startedAt, initial }) {
      await db.transaction().execute(async (inside) => {
        await inside
          .insertInto('runs')
          .values({
            run,
            task,
            state,
            note,
            config: JSON.stringify(config),
            initial: JSON.stringify(initial),
            started: startedAt,
          })
          .execute();
        await inside
          .insertInto('models')
          .values({ model: initial.model, task, run, round: 0, made: startedAt })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      });
    },
    async setRunState(run, state, note) {
      await db.updateTable('runs').set({ state, note }).where('run', '=', run).execute();
    },
    async runs() {
      const rows = await db.selectFrom('runs').selectAll().orderBy('started').orderBy('run').execute();
      return rows.map(
        (row): RunRecord => ({
          run: row.run,
          task: row.task,
          state: RunState.parse(row.state),
          note: row.note,
          config: RunConfig.parse(JSON.parse(row.config)),
          startedAt: Number(row.started),
          initial: JSON.parse(row.initial) as RunRecord['initial'],
        }),
      );
    },

    async addRound(run, task, round, setup) {
      await db.transaction().execute(async (inside) => {
        await inside
          .insertInto('rounds')
          .values({ run, round, setup: JSON.stringify(setup), plan: null, outcome: null })
          .execute();
        for (const device of setup.cohort)
          await inside
            .updateTable('devices')
            .set((row) => ({ asked: row('asked', '+', 1) }))
            .where('device', '=', device)
            .where('task', '=', task)
            .execute();
      });
    },
    async append({ run, round, seq, event, plan, model, transcript, outcome, contributors }) {
      await db.transaction().execute(async (inside) => {
        const taken = await inside
          .selectFrom('round_events')
          .select('seq')
          .where('run', '=', run)
          .where('round', '=', round)
          .where('seq', '=', seq)
          .executeTakeFirst();
        if (taken) throw new InvariantError(`round ${round} of ${run} already has event ${seq}`);
        await inside
          .insertInto('round_events')
          .values({ run, round, seq, event: JSON.stringify(event) })
          .execute();
        if (plan) {
          await inside
            .insertInto('plans')
            .values({ plan: plan.hash, signed: JSON.stringify(plan.signed) })
            .execute();
          await inside
            .updateTable('rounds')
            .set({ plan: plan.hash })
            .where('run', '=', run)
            .where('round', '=', round)
            .execute();
        }
        if (model)
          await inside
            .insertInto('models')
            .values({ model: model.hash, task: model.task, run, round, made: event.at })
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        if (transcript)
          await inside
            .insertInto('transcripts')
            .values({ transcript: transcript.hash, run, round, signed: JSON.stringify(transcript.signed) })
            .execute();
        if (outcome)
          await inside
            .updateTable('rounds')
            .set({ outcome: JSON.stringify(outcome) })
            .where('run', '=', run)
            .where('round', '=', round)
            .execute();
        for (const device of contributors ?? [])
          await inside
            .updateTable('devices')
            .set((row) => ({ contributed: row('contributed', '+', 1) }))
            .where('device', '=', device)
            .where('task', '=', (row) => row.selectFrom('runs').select('runs.task').where('runs.run', '=', run))
            .execute();
      });
    },
    async rounds(run) {
      const rows = await db.selectFrom('rounds').selectAll().where('run', '=', run).orderBy('round').execute();
      return rows.map((row) => ({
        run,
        round: Number(row.round),
        setup: JSON.parse(row.setup) as RoundSetup,
        planHash: row.plan,
        outcome: row.outcome === null ? null : RoundOutcome.parse(JSON.parse(row.outcome)),
      }));
    },
    async events(run, round) {
      const rows = await db
        .selectFrom('round_events')
        .select('event')
        .where('run', '=', run)
        .where('round', '=', round)
        .orderBy('seq')
        .execute();
      return rows.map((row) => JSON.parse(row.event) as RoundEvent);
    },

    async plan(hash) {
      const row = await db.selectFrom('plans').select('signed').where('plan', '=', hash).executeTakeFirst();
      return row && SignedPlan.parse(JSON.parse(row.signed));
    },
    async transcript(hash) {
      const row = await db.selectFrom('transcripts').select('signed').where('transcript', '=', hash).executeTakeFirst();
      return row && Transcript.parse(JSON.parse(row.signed));
    },

    async sawDevice({ device, task, key, contributes, lastSeen }) {
      const now = { contributes: Number(contributes), seen: lastSeen };
      await db
        .insertInto('devices')
        .values({ device, task, key, asked: 0, contributed: 0, ...now })
        .onConflict((conflict) => conflict.columns(['device', 'task']).doUpdateSet(now))
        .execute();
    },
    async devices() {
      const rows = await db.selectFrom('devices').selectAll().orderBy('task').orderBy('device').execute();
      return rows.map(({ contributes, seen, ...row }) => ({
        ...row,
        contributes: contributes !== 0,
        lastSeen: Number(seen),
      }));
    },

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

    async openSession(session, expiry) {
      await db.insertInto('admin_sessions').values({ session, expiry }).execute();
    },
    async hasSession(session, now) {
      await db.deleteFrom('admin_sessions').where('expiry', '<=', now).execute();
      const row = await db
        .selectFrom('admin_sessions')
        .select('session')
        .where('session', '=', session)
        .executeTakeFirst();
      return row !== undefined;
    },
    async closeSession(session) {
      await db.deleteFrom('admin_sessions').where('session', '=', session).execute();
    },

    async audit(at, action, detail) {
      await db
        .insertInto('audit')
        .values({ at, action, detail: JSON.stringify(detail) })
        .execute();
    },

    close: () => db.destroy(),
  };
}
