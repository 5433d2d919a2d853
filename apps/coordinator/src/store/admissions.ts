import { TaskAdmission } from '@sotto/protocol/admission';
import { Verdict } from '@sotto/protocol/views';
import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** What has been decided about a device in a task. `waiting`: it asked to be let in, and nobody has decided yet. */
export interface VerdictRecord {
  readonly device: string;
  readonly task: string;
  /** Null when it was shut out before it ever came. */
  readonly key: string | null;
  readonly verdict: Verdict;
  /** The code it came by. */
  readonly invite: string | null;
  readonly at: number;
}

export interface InviteRecord {
  /** SHA-256 of the code, hex: the code itself is not kept. */
  readonly invite: string;
  readonly task: string;
  readonly label: string;
  /** Devices it may let in. */
  readonly uses: number;
  readonly used: number;
  readonly expiry: number | null;
  readonly made: number;
  readonly revoked: number | null;
}

/** What became of a code that a device brought. */
export type Redemption = 'let-in' | 'shut-out' | 'unknown' | 'expired' | 'used-up';

export interface Newcomer {
  readonly task: string;
  readonly device: string;
  readonly key: string;
  readonly at: number;
}

export interface Admissions {
  admissionOf(task: string): Promise<TaskAdmission | undefined>;
  setAdmission(task: string, admission: TaskAdmission): Promise<void>;
  verdictOn(task: string, device: string): Promise<Verdict | undefined>;
  /** As they apply, task by task; a revocation everywhere is in each task it applies in. */
  verdicts(task: string): Promise<VerdictRecord[]>;
  /**
   * Notes that the device waits, unless something was decided. Of those that wait, the longest waiting give way beyond `most`, but for
   * those that `stay`.
   */
  wait(newcomer: Newcomer, most: number, stays: (device: string) => boolean): Promise<void>;
  /** Approval, also after a revocation. */
  admit(task: string, device: string, at: number): Promise<void>;
  /** In this task, or in every one (null) until it is admitted to one again. */
  revoke(task: string | null, device: string, at: number): Promise<void>;
  addInvite(invite: Omit<InviteRecord, 'used' | 'revoked'>): Promise<void>;
  invites(task: string): Promise<InviteRecord[]>;
  /** The code lets nobody in any more. @returns whose it was, and the devices that came by it; undefined for no code of ours. */
  revokeInvite(invite: string, at: number): Promise<{ readonly task: string; readonly devices: string[] } | undefined>;
  /** Lets the newcomer in by a code and counts the use, together; whoever was let in before uses up nothing. */
  redeem(invite: string, newcomer: Newcomer): Promise<Redemption>;
}

/** SQLite takes an offset with a limit only. */
const EVERY_ONE = 2 ** 31 - 1;
/** Not a name a task can have. */
const EVERYWHERE = '*';

/** Undoes the transaction it is thrown in. */
class Undo extends Error {
  readonly why: Redemption;
  constructor(why: Redemption) {
    super(why);
    this.why = why;
  }
}

export function createAdmissions(db: Kysely<Tables>): Admissions {
  /** The task's own word, unless the device was shut out everywhere later. */
  async function applying(inside: Kysely<Tables>, task: string, device: string) {
    const rows = await inside
      .selectFrom('verdicts')
      .selectAll()
      .where('device', '=', device)
      .where('task', 'in', [task, EVERYWHERE])
      .execute();
    const own = rows.find((row) => row.task === task);
    const everywhere = rows.find((row) => row.task === EVERYWHERE);
    if (everywhere && !(own?.verdict === 'admitted' && Number(own.at) > Number(everywhere.at))) return everywhere;
    return own;
  }

  const decide = (
    inside: Kysely<Tables>,
    row: { device: string; task: string; verdict: Verdict; at: number },
  ): Promise<unknown> =>
    inside
      .insertInto('verdicts')
      .values({ ...row, key: null, invite: null })
      .onConflict((conflict) =>
        conflict.columns(['device', 'task']).doUpdateSet({ verdict: row.verdict, at: row.at, invite: null }),
      )
      .execute();

  return {
    async admissionOf(task) {
      const row = await db.selectFrom('task_admission').select('admission').where('task', '=', task).executeTakeFirst();
      return row && TaskAdmission.parse(row.admission);
    },
    async setAdmission(task, admission) {
      await db
        .insertInto('task_admission')
        .values({ task, admission })
        .onConflict((conflict) => conflict.column('task').doUpdateSet({ admission }))
        .execute();
    },
    async verdictOn(task, device) {
      const row = await applying(db, task, device);
      return row && Verdict.parse(row.verdict);
    },
    async verdicts(task) {
      const rows = await db
        .selectFrom('verdicts')
        .selectAll()
        .where('task', 'in', [task, EVERYWHERE])
        .orderBy('at')
        .orderBy('device')
        .execute();
      const found = new Map<string, (typeof rows)[number]>();
      for (const row of rows) {
        const before = found.get(row.device);
        // In the order of time: what came later stands, except that waiting undoes no revocation.
        if (!before || row.task === EVERYWHERE || row.verdict !== 'waiting')
          found.set(row.device, { ...row, key: row.key ?? before?.key ?? null });
      }
      return [...found.values()].map((row) => ({
        ...row,
        task,
        verdict: Verdict.parse(row.verdict),
        at: Number(row.at),
      }));
    },
    wait: ({ task, device, key, at }, most, stays) =>
      db.transaction().execute(async (inside) => {
        await inside
          .insertInto('verdicts')
          .values({ device, task, key, verdict: 'waiting', invite: null, at })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        const surplus = await inside
          .selectFrom('verdicts')
          .select('device')
          .where('task', '=', task)
          .where('verdict', '=', 'waiting')
          .orderBy('at', 'desc')
          .orderBy('device')
          .offset(most)
          .limit(EVERY_ONE)
          .execute();
        for (const { device: longest } of surplus.filter((other) => !stays(other.device)))
          await inside.deleteFrom('verdicts').where('device', '=', longest).where('task', '=', task).execute();
      }),
    admit: (task, device, at) =>
      db.transaction().execute(async (inside) => {
        const everywhere = await inside
          .selectFrom('verdicts')
          .select('at')
          .where('device', '=', device)
          .where('task', '=', EVERYWHERE)
          .executeTakeFirst();
        // Whatever the clock says, this was decided later.
        const later = everywhere ? Math.max(at, Number(everywhere.at) + 1) : at;
        await decide(inside, { device, task, verdict: 'admitted', at: later });
      }),
    async revoke(task, device, at) {
      await db.transaction().execute(async (inside) => {
        if (task !== null) return void (await decide(inside, { device, task, verdict: 'revoked', at }));
        const latest = await inside
          .selectFrom('verdicts')
          .select(({ fn }) => fn.max('at').as('at'))
          .where('device', '=', device)
          .executeTakeFirst();
        await decide(inside, {
          device,
          task: EVERYWHERE,
          verdict: 'revoked',
          at: Math.max(at, Number(latest?.at ?? 0) + 1),
        });
      });
    },
    async addInvite(invite) {
      await db
        .insertInto('invites')
        .values({ ...invite, used: 0, revoked: null })
        .execute();
    },
    async invites(task) {
      const rows = await db
        .selectFrom('invites')
        .selectAll()
        .where('task', '=', task)
        .orderBy('made', 'desc')
        .orderBy('invite')
        .execute();
      return rows.map(({ expiry, made, revoked, ...row }) => ({
        ...row,
        expiry: expiry === null ? null : Number(expiry),
        made: Number(made),
        revoked: revoked === null ? null : Number(revoked),
      }));
    },
    revokeInvite: (invite, at) =>
      db.transaction().execute(async (inside) => {
        const found = await inside.selectFrom('invites').select('task').where('invite', '=', invite).executeTakeFirst();
        if (!found) return undefined;
        await inside
          .updateTable('invites')
          .set({ revoked: at })
          .where('invite', '=', invite)
          .where('revoked', 'is', null)
          .execute();
        const rows = await inside
          .selectFrom('verdicts')
          .select('device')
          .where('invite', '=', invite)
          .where('verdict', '=', 'admitted')
          .orderBy('device')
          .execute();
        return { task: found.task, devices: rows.map(({ device }) => device) };
      }),
    async redeem(invite, { task, device, key, at }) {
      try {
        return await db.transaction().execute(async (inside): Promise<Redemption> => {
          if ((await applying(inside, task, device))?.verdict === 'revoked') return 'shut-out';
          // The device's row first: of two connections of one device, the second waits for the first and finds itself let in.
          const { numInsertedOrUpdatedRows: fresh } = await inside
            .insertInto('verdicts')
            .values({ device, task, key, verdict: 'admitted', invite, at })
            .onConflict((conflict) =>
              conflict
                .columns(['device', 'task'])
                .doUpdateSet({ verdict: 'admitted', key, invite, at })
                .where('verdicts.verdict', '=', 'waiting'),
            )
            .executeTakeFirstOrThrow();
          if (!fresh) return 'let-in';
          const { numUpdatedRows: used } = await inside
            .updateTable('invites')
            .set(({ eb }) => ({ used: eb('used', '+', 1) }))
            .where('invite', '=', invite)
            .where('task', '=', task)
            .where('revoked', 'is', null)
            .where(({ eb, or }) => or([eb('expiry', 'is', null), eb('expiry', '>', at)]))
            .where(({ eb, ref }) => eb('used', '<', ref('uses')))
            .executeTakeFirstOrThrow();
          if (used > 0n) return 'let-in';
          const found = await inside
            .selectFrom('invites')
            .selectAll()
            .where('invite', '=', invite)
            .where('task', '=', task)
            .executeTakeFirst();
          if (!found || found.revoked !== null) throw new Undo('unknown');
          throw new Undo(found.expiry !== null && Number(found.expiry) <= at ? 'expired' : 'used-up');
        });
      } catch (error) {
        if (error instanceof Undo) return error.why;
        throw error;
      }
    },
  };
}
