import { deviceIdOf } from '@sotto/protocol/ids';
import { isRejection } from '@sotto/protocol/rejection';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gatherEvidence } from '../src/rounds/evidence.ts';
import { createGuest, type Guest, type Hall, newFolder, openHall, PARAMETERS, TASK, until } from './hall.ts';
import { createMockClock } from './mock-clock.ts';

const MOST_GUESTS = 6;
const who = fc.nat(MOST_GUESTS - 1);

type Action =
  | { readonly do: 'join' | 'pause' | 'pause-now' | 'resume' | 'restart' }
  | { readonly do: 'leave' | 'cut' | 'return' | 'stall' | 'go-on' | 'withdraw'; readonly who: number }
  | { readonly do: 'advance'; readonly ms: number };

const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constantFrom('join' as const, 'resume' as const) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constantFrom('pause' as const, 'pause-now' as const, 'restart' as const) }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constantFrom(
          'leave' as const,
          'cut' as const,
          'return' as const,
          'return' as const,
          'stall' as const,
          'go-on' as const,
          'withdraw' as const,
        ),
        who,
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.constantFrom(1000, 5000, 20_000, 1_000_000) }),
    },
  ),
  { minLength: 12, maxLength: 20, size: 'max' },
);

interface Player extends Guest {
  connected: boolean;
  /** From now on its messages wait, as from a tab that sleeps or over a line that is slow … */
  stall(): void;
  /** … until now. */
  goOn(): void;
  stalled(): boolean;
}

function createPlayer(guest: Guest): Player {
  let gate: PromiseWithResolvers<void> | null = null;
  const { request } = guest.wire;
  guest.wire.request = async (name, payload, bytes) => {
    if (name !== 'hello') await gate?.promise;
    return request(name, payload, bytes);
  };
  return {
    ...guest,
    connected: true,
    stall() {
      gate ??= Promise.withResolvers<void>();
    },
    goOn() {
      gate?.resolve();
      gate = null;
    },
    stalled: () => gate !== null,
  };
}

/** Plays one schedule to its end, and holds every round and every number on the way against the facts. */
async function play(schedule: readonly Action[]) {
  const clock = createMockClock();
  const folder = newFolder();
  const players: Player[] = [];
  const withdrawn = new Map<string, Set<string>>();
  let hall: Hall = await openHall({ clock, folder });

  async function join(): Promise<void> {
    if (players.length >= MOST_GUESTS) return;
    const player = createPlayer(await createGuest(clock, { delta: 0.05 * (players.length + 1) }));
    players.push(player);
    player.wire.connect(hall);
    await player.participant.join();
  }

  /** What anybody may see is what is so. */
  async function compare(run: string): Promise<void> {
    const connected = players.filter((player) => player.connected).length;
    await until(`${connected} devices are here`, () => hall.runs.status(TASK)!.present === connected);
    const before = hall.runs.status(TASK)!;
    const rounds = await hall.store.rounds(run);
    const live = rounds.at(-1);
    const { updates } = gatherEvidence(live && live.outcome === null ? await hall.store.events(run, live.round) : []);
    const after = hall.runs.status(TASK)!;
    // Whatever moved in between is looked at the next time.
    if (JSON.stringify(before) !== JSON.stringify(after) || hall.runs.get(run)!.rounds.length !== rounds.length - 1)
      return;
    if (after.phase === 'waiting') return;
    const [{ setup }] = live!.parts as [(typeof live & object)['parts'][number]];
    expect(after.cohort).toBe(setup.cohort.length);
    expect(after.contributors).toBe(updates.size);
    expect(after.contributors).toBeLessThanOrEqual(setup.nMax);
  }

  async function perform(action: Action, run: string): Promise<void> {
    const player = 'who' in action ? players[action.who % players.length]! : players[0]!;
    switch (action.do) {
      case 'join':
        return join();
      case 'pause':
      case 'pause-now':
        await hall.runs.pause(run, action.do === 'pause-now');
        return;
      case 'resume':
        await hall.runs.resume(run);
        return;
      case 'restart':
        for (const { wire } of players) wire.cut();
        check(hall);
        await hall.crash();
        hall = await openHall({ clock, folder });
        for (const { wire, connected } of players) if (connected) wire.connect(hall);
        return;
      case 'leave':
        player.connected = false;
        await player.participant.leave();
        return;
      case 'cut':
        player.connected = false;
        player.wire.cut();
        return;
      case 'return':
        if (player.connected) return;
        player.connected = true;
        player.wire.connect(hall);
        if (player.participant.state().connection === 'off') await player.participant.join();
        return;
      case 'stall':
        return player.stall();
      case 'go-on':
        return player.goOn();
      case 'withdraw': {
        if (player.stalled()) return;
        const { plan, phase } = player.participant.state();
        if (phase !== 'sent') return;
        if (!(await player.participant.withdraw())) {
          const taken = withdrawn.get(plan!.hash) ?? new Set();
          withdrawn.set(plan!.hash, taken.add(deviceIdOf(player.participant.key)));
        }
        return;
      }
      case 'advance':
        clock.advance(action.ms);
    }
  }

  /** Every sum that was opened is the sum of what its contributors sealed, and nobody is in it who took it back. */
  function check({ opened, errors }: Hall): void {
    expect(errors).toEqual([]);
    for (const { planHash, levels: sum, contributors } of opened) {
      expect(new Set(contributors).size).toBe(contributors.length);
      expect(contributors.filter((device) => withdrawn.get(planHash)?.has(device))).toEqual([]);
      const expected = new Float64Array(PARAMETERS);
      for (const device of contributors) {
        const own = players.find(({ participant }) => deviceIdOf(participant.key) === device)!.sealed.get(planHash)!;
        for (let i = 0; i < PARAMETERS; i++) expected[i]! += own[i]!;
      }
      expect(sum).toEqual(expected);
    }
  }

  for (let i = 0; i < 4; i++) await join();
  await until('four are here', () => hall.runs.status(TASK)!.present === 4);
  const created = await hall.runs.create({ task: TASK, rounds: 2, cohort: { least: 3, most: 4 } });
  if (isRejection(created)) throw new Error(created.message);
  const { run } = created;
  for (const action of schedule) {
    await perform(action, run);
    // Time for what follows, as in the world: some of it, not all.
    await new Promise((resolve) => setTimeout(resolve, 10));
    await compare(run);
  }

  // Everybody comes back: whatever happened before, the run goes on and nobody is stuck.
  for (const player of players) {
    player.goOn();
    await perform({ do: 'return', who: players.indexOf(player) }, run);
  }
  // Time passes only while nothing else happens, or a busy machine would let every deadline pass; then ever faster.
  let quiet = 0;
  let [seen, step] = ['', 2000];
  await until('the run is finished', async () => {
    if (hall.runs.get(run)!.state === 'paused') await hall.runs.resume(run);
    const now = JSON.stringify([hall.runs.status(TASK), hall.runs.get(run)]);
    if (now !== seen) [seen, quiet, step] = [now, 0, 2000];
    else if (++quiet % 10 === 0) {
      clock.advance(step);
      step = Math.min(2 * step, 1_000_000);
    }
    return hall.runs.get(run)!.state === 'finished';
  });
  await compare(run);
  check(hall);
  const { rounds } = hall.runs.get(run)!;
  expect(rounds.map(({ round }) => round)).toEqual(rounds.map((_, i) => i + 1));
  for (const { participant } of players) {
    await until('nobody is still at work', () => ['idle', 'sent'].includes(participant.state().phase));
    await participant.leave();
  }
  await hall.crash();
}

it('whatever devices, the admin and the machine do in whatever order: sums are exact, numbers true, and nothing stands still', async () => {
  await fc.assert(fc.asyncProperty(actions, play), { numRuns: 6, seed: 7, endOnFailure: true });
});
