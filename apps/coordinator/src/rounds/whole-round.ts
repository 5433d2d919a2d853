import { dutiesOf } from '@sotto/fl-core/round/duties';
import type { RoundSetup } from '@sotto/fl-core/round/round';
import type { Duty } from '@sotto/protocol/messages';
import type { RoundOutcome } from '@sotto/protocol/run';
import { meanBlob } from '../aggregation/upload-layout.ts';
import { patiently } from '../patience.ts';
import type { PartRecord } from '../store/round-log.ts';
import { createTurns } from '../turns.ts';
import { isUnavailable } from '../unavailable.ts';
import { type ConclusionPorts, type ConclusionTerms, concludeRound, type EndedPart } from './conclusion.ts';
import { foundPart, newPart, type RoundHost } from './round-host.ts';
import type { PartContext } from './round-ports.ts';

/** A round under way: its parts, which go on side by side, and its end, which is one for all of them. */
export interface WholeRound {
  readonly round: number;
  /** By group, ascending. */
  readonly parts: readonly RoundHost[];
  /** Once, before anything else. */
  start(): Promise<void>;
  has(device: string): boolean;
  duties(device: string): Duty[];
  /** A device came or went. */
  notePresence(device: string): Promise<void>;
  /** What has no result by now gets none. */
  end(reason: 'stopped' | 'paused'): Promise<void>;
  close(): void;
}

export interface WholeRoundContext extends ConclusionTerms {
  readonly isHere: (device: string) => boolean;
  /** Says to a device what it owes. */
  readonly tell: (device: string, duty: Duty) => void;
  /** Something that the status shows has changed. */
  readonly changed: () => void;
  /** The round is over and its outcome stored. */
  readonly ended: (outcome: RoundOutcome) => void;
}

/** Whom a part asks for an update or a key. */
export function devicesOf({ cohort, seats }: Pick<RoundSetup, 'cohort' | 'seats'>): Set<string> {
  return new Set([...cohort, ...seats]);
}

/**
 * @param records  the parts as they stand in the store
 * @param isFound  they were there already: what was under way is done again, and whoever is not here now has left
 */
export async function openRound(
  ports: ConclusionPorts,
  context: WholeRoundContext,
  records: readonly Pick<PartRecord, 'group' | 'setup'>[],
  isFound: boolean,
): Promise<WholeRound> {
  const { store, blobs, clock, log } = ports;
  const { key } = context;
  const about = { task: key.task, run: key.run, round: key.round };
  const inTurn = createTurns();
  const concludingInTurn = createTurns();
  const devices = records.map(({ setup }) => devicesOf(setup));
  const parts: RoundHost[] = [];
  let concluded = false;
  let closed = false;

  for (const [i, { group, setup }] of records.entries()) {
    const absent = [...devices[i]!].filter((device) => !context.isHere(device));
    parts.push(
      isFound ? await foundPart(ports, contextOf(i, group), setup, absent) : newPart(ports, contextOf(i, group), setup),
    );
  }

  function contextOf(i: number, group: number): PartContext {
    return {
      ...context,
      key: { ...key, group },
      remind() {
        for (const device of devices[i]!) for (const duty of dutiesIn(parts[i]!, device)) context.tell(device, duty);
      },
      over,
    };
  }

  /** A part is opened or abandoned. */
  function over(): void {
    patiently(
      clock,
      () => concludingInTurn(conclude),
      () => !closed,
    ).catch((error: unknown) => {
      if (closed) return;
      log.error({ ...about, effect: 'conclude', err: error }, 'an effect of the round failed');
      end('stopped').catch(failed);
    });
  }

  function failed(error: unknown): void {
    if (!closed) log.fatal({ ...about, err: error }, 'the round could not be ended either');
  }

  async function conclude(): Promise<void> {
    if (closed || concluded) return;
    const ended = parts.flatMap((part) => endedPart(part) ?? []);
    // What was thought lost on its way to the store is there.
    if (parts.some((part) => part.state().phase === 'published')) return finish(await storedOutcome());
    if (ended.length < parts.length) return;
    const { conclusion, means } = await concludeRound(ports, context, ended);
    await inTurn(async () => {
      // Meanwhile a person may have ended it: then that is what is to be concluded.
      if (closed || parts.some((part, i) => part.state() !== ended[i]!.round)) return;
      try {
        finish(await store.conclude(conclusion));
      } catch (error) {
        // It may be in the store all the same.
        if (isUnavailable(error)) for (const part of parts) part.refresh().catch(() => {});
        throw error;
      }
      for (const hash of means)
        await blobs
          .remove(meanBlob(hash))
          .catch((error: unknown) =>
            log.warn({ ...about, err: error }, 'a mean that nobody needs could not be removed'),
          );
    });
  }

  async function storedOutcome(): Promise<RoundOutcome> {
    const { outcome } = (await store.rounds(key.run)).find(({ round }) => round === key.round)!;
    return outcome!;
  }

  function finish(outcome: RoundOutcome): void {
    concluded = true;
    close();
    log.info({ ...about, phase: outcome.kind }, 'round');
    context.ended(outcome);
  }

  async function end(reason: 'stopped' | 'paused'): Promise<void> {
    const endAll = () =>
      inTurn(async () => {
        for (const part of parts)
          if (!concluded && part.state().phase !== 'abandoned') await part.apply({ type: 'failed', reason });
      });
    try {
      await endAll();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      patiently(clock, endAll, () => !closed).catch(failed);
    }
  }

  function close(): void {
    closed = true;
    for (const part of parts) part.close();
  }

  return {
    round: key.round,
    parts,
    async start() {
      for (const part of parts) await part.start();
    },
    has: (device) => devices.some((those) => those.has(device)),
    duties: (device) => parts.flatMap((part) => dutiesIn(part, device)),
    async notePresence(device) {
      const presence = () => (context.isHere(device) ? 'returned' : 'left');
      const type = presence();
      const concerned = parts.filter((_, i) => devices[i]!.has(device));
      await Promise.all(
        concerned.map((part) =>
          patiently(
            clock,
            () => part.apply({ type, device }),
            () => !closed && presence() === type,
          ),
        ),
      );
    },
    end,
    close,
  };
}

function dutiesIn(part: RoundHost, device: string): Duty[] {
  return dutiesOf(part.state(), part.context.key, device);
}

function endedPart(part: RoundHost): EndedPart | undefined {
  const round = part.state();
  if (round.phase !== 'opened' && round.phase !== 'abandoned') return undefined;
  const { group } = part.context.key;
  return { group, round, plan: part.plan(), evidence: part.evidence(), last: part.last() };
}
