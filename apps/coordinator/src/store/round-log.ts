import type { RoundEvent, RoundSetup } from '@sotto/fl-core/round/round';
import type { SignedPlan } from '@sotto/protocol/plan';
import { InvariantError } from '@sotto/protocol/rejection';
import { RoundOutcome } from '@sotto/protocol/run';
import type { Transcript } from '@sotto/protocol/transcript';
import type { Kysely } from 'kysely';
import { countOnce } from './counted-once.ts';
import type { Tables } from './schema.ts';

export interface RoundRecord {
  readonly run: string;
  readonly round: number;
  readonly setup: RoundSetup;
  readonly planHash: string | null;
  readonly outcome: RoundOutcome | null;
}

/** One accepted event, and what must become true with it or not at all. */
export interface Entry {
  readonly run: string;
  readonly round: number;
  /** 0, 1, 2 … within the round. */
  readonly seq: number;
  readonly event: RoundEvent;
  readonly plan?: { readonly hash: string; readonly signed: SignedPlan };
  readonly model?: { readonly hash: string; readonly task: string };
  readonly transcript?: { readonly hash: string; readonly signed: Transcript };
  readonly outcome?: RoundOutcome;
  /** Devices whose update was counted in a published sum. */
  readonly contributors?: readonly string[];
}

/** Rounds as the sequences of their events. */
export interface RoundLog {
  /** Begins a round and counts it for every device of its cohort. */
  addRound(run: string, task: string, round: number, setup: RoundSetup): Promise<void>;
  /**
   * The same entry may come again, as its answer may have been lost. @throws InvariantError when the round has another event with this
   * seq; an error of the database when the event is a second update of a device or a second answer of a member to the round's plan.
   */
  append(entry: Entry): Promise<void>;
  /** Ascending. */
  rounds(run: string): Promise<RoundRecord[]>;
  /** In the order they were accepted. */
  events(run: string, round: number): Promise<RoundEvent[]>;
}

export function createRoundLog(db: Kysely<Tables>): RoundLog {
  return {
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
        const text = JSON.stringify(event);
        const taken = await inside
          .selectFrom('round_events')
          .select('event')
          .where('run', '=', run)
          .where('round', '=', round)
          .where('seq', '=', seq)
          .executeTakeFirst();
        if (taken?.event === text) return;
        if (taken) throw new InvariantError(`round ${round} of ${run} already has event ${seq}`);
        await inside.insertInto('round_events').values({ run, round, seq, event: text }).execute();
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
        await countOnce(inside, run, round, event);
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
        round: row.round,
        setup: setupOf(row.setup),
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
  };
}

/** Rounds of version 0.1.0 asked no more devices than they wanted, and waited for all. */
function setupOf(text: string): RoundSetup {
  const setup = JSON.parse(text) as Omit<RoundSetup, 'unreliable' | 'quorum'> & Partial<RoundSetup>;
  return { unreliable: [], quorum: setup.nMax, ...setup };
}
