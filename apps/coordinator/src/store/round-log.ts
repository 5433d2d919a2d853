import type { RoundEvent, RoundSetup } from '@sotto/fl-core/round/round';
import type { RoundKey } from '@sotto/protocol/ids';
import type { SignedPlan } from '@sotto/protocol/plan';
import { InvariantError } from '@sotto/protocol/rejection';
import { RoundOutcome } from '@sotto/protocol/run';
import type { Transcript } from '@sotto/protocol/transcript';
import type { Kysely } from 'kysely';
import { countOnce } from './counted-once.ts';
import type { Tables } from './schema.ts';

/** What of a round has a sum of its own: group 0 is the whole of it, 1 … are its groups. */
export type PartName = Pick<RoundKey, 'run' | 'round' | 'group'>;

export interface PartRecord {
  readonly group: number;
  readonly setup: RoundSetup;
  readonly planHash: string | null;
}

export interface RoundRecord {
  readonly run: string;
  readonly round: number;
  /** By group, ascending. */
  readonly parts: readonly PartRecord[];
  readonly outcome: RoundOutcome | null;
}

/** One accepted event, and the plan that becomes true with it or not at all. */
export interface Entry extends PartName {
  /** 0, 1, 2 … within the part. */
  readonly seq: number;
  readonly event: RoundEvent;
  readonly plan?: { readonly hash: string; readonly signed: SignedPlan };
}

/** The end of a round, over all its parts: everything of it becomes true together or not at all. */
export interface Conclusion {
  readonly run: string;
  readonly round: number;
  readonly outcome: RoundOutcome;
  /** The last event of each part that was still waiting for the others. */
  readonly entries: readonly Pick<Entry, 'group' | 'seq' | 'event'>[];
  readonly model?: { readonly hash: string; readonly task: string };
  readonly transcript?: { readonly hash: string; readonly signed: Transcript };
  /** Devices whose update was counted in a published sum. */
  readonly contributors: readonly string[];
}

/** Rounds as the sequences of their events. */
export interface RoundLog {
  /** Begins a round and counts it for every device of its cohort. */
  addRound(
    run: string,
    task: string,
    round: number,
    parts: readonly Pick<PartRecord, 'group' | 'setup'>[],
  ): Promise<void>;
  /**
   * The same entry may come again, as its answer may have been lost. @throws InvariantError when the part has another event with this
   * seq; an error of the database when the event is a second update of a device or a second answer of a member to the part's plan.
   */
  append(entry: Entry): Promise<void>;
  /** @returns the round's outcome: another than that of `conclusion` when it was concluded before; then nothing is written. */
  conclude(conclusion: Conclusion): Promise<RoundOutcome>;
  /** Ascending. */
  rounds(run: string): Promise<RoundRecord[]>;
  /** In the order they were accepted; group 0 unless another is meant. */
  events(run: string, round: number, group?: number): Promise<RoundEvent[]>;
}

export function createRoundLog(db: Kysely<Tables>): RoundLog {
  return {
    async addRound(run, task, round, parts) {
      await db.transaction().execute(async (inside) => {
        await inside.insertInto('rounds').values({ run, round, outcome: null }).execute();
        for (const { group, setup } of parts) {
          await inside
            .insertInto('parts')
            .values({ run, round, part: group, setup: JSON.stringify(setup), plan: null })
            .execute();
          for (const device of setup.cohort)
            await inside
              .updateTable('devices')
              .set((row) => ({ asked: row('asked', '+', 1) }))
              .where('device', '=', device)
              .where('task', '=', task)
              .execute();
        }
      });
    },
    async append(entry) {
      await db.transaction().execute(async (inside) => {
        const { run, round, group, event, plan } = entry;
        if (!(await appendTo(inside, entry))) return;
        if (plan) {
          await inside
            .insertInto('plans')
            .values({ plan: plan.hash, signed: JSON.stringify(plan.signed) })
            .execute();
          await inside
            .updateTable('parts')
            .set({ plan: plan.hash })
            .where('run', '=', run)
            .where('round', '=', round)
            .where('part', '=', group)
            .execute();
        }
        await countOnce(inside, { run, round, group }, event);
      });
    },
    conclude: ({ run, round, outcome, entries, model, transcript, contributors }) =>
      db.transaction().execute(async (inside) => {
        const row = await inside
          .selectFrom('rounds')
          .select('outcome')
          .where('run', '=', run)
          .where('round', '=', round)
          .executeTakeFirstOrThrow();
        if (row.outcome !== null) return RoundOutcome.parse(JSON.parse(row.outcome));
        for (const entry of entries) await appendTo(inside, { run, round, ...entry });
        if (model)
          await inside
            .insertInto('models')
            .values({ model: model.hash, task: model.task, run, round, made: outcome.endedAt })
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        if (transcript)
          await inside
            .insertInto('transcripts')
            .values({ transcript: transcript.hash, run, round, signed: JSON.stringify(transcript.signed) })
            .execute();
        await inside
          .updateTable('rounds')
          .set({ outcome: JSON.stringify(outcome) })
          .where('run', '=', run)
          .where('round', '=', round)
          .execute();
        for (const device of contributors)
          await inside
            .updateTable('devices')
            .set((row) => ({ contributed: row('contributed', '+', 1) }))
            .where('device', '=', device)
            .where('task', '=', (row) => row.selectFrom('runs').select('runs.task').where('runs.run', '=', run))
            .execute();
        return outcome;
      }),
    async rounds(run) {
      const rows = await db.selectFrom('rounds').selectAll().where('run', '=', run).orderBy('round').execute();
      const parts = await db
        .selectFrom('parts')
        .selectAll()
        .where('run', '=', run)
        .orderBy('round')
        .orderBy('part')
        .execute();
      const ofRound = Map.groupBy(parts, ({ round }) => round);
      return rows.map(({ round, outcome }) => ({
        run,
        round,
        parts: (ofRound.get(round) ?? []).map(({ part, setup, plan }) => ({
          group: part,
          setup: setupOf(setup),
          planHash: plan,
        })),
        outcome: outcome === null ? null : RoundOutcome.parse(JSON.parse(outcome)),
      }));
    },
    async events(run, round, group = 0) {
      const rows = await db
        .selectFrom('part_events')
        .select('event')
        .where('run', '=', run)
        .where('round', '=', round)
        .where('part', '=', group)
        .orderBy('seq')
        .execute();
      return rows.map((row) => JSON.parse(row.event) as RoundEvent);
    },
  };
}

/** @returns false when the very same event is there already */
async function appendTo(
  db: Kysely<Tables>,
  { run, round, group, seq, event }: PartName & Pick<Entry, 'seq' | 'event'>,
): Promise<boolean> {
  const text = JSON.stringify(event);
  const taken = await db
    .selectFrom('part_events')
    .select('event')
    .where('run', '=', run)
    .where('round', '=', round)
    .where('part', '=', group)
    .where('seq', '=', seq)
    .executeTakeFirst();
  if (taken?.event === text) return false;
  if (taken) throw new InvariantError(`part ${group} of round ${round} of ${run} already has event ${seq}`);
  await db.insertInto('part_events').values({ run, round, part: group, seq, event: text }).execute();
  return true;
}

/** Rounds of version 0.1.0 asked no more devices than they wanted, and waited for all. */
function setupOf(text: string): RoundSetup {
  const setup = JSON.parse(text) as Omit<RoundSetup, 'unreliable' | 'quorum'> & Partial<RoundSetup>;
  return { unreliable: [], quorum: setup.nMax, ...setup };
}
