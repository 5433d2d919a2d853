import type { LiveView, RoundDevice } from '@sotto/protocol/admin/live';
import type { Runs } from './runs.ts';

export interface LiveNewsDesk {
  /** How a task stands now; undefined of one that is not there. */
  view(task: string): LiveView | undefined;
  /** The same, as news to those who had the ones before. */
  next(task: string): LiveView | undefined;
}

/** What pages that watch a task are told, so that what they have and are told next is what the coordinator has. */
export function createLiveNews({
  runs,
  now,
}: {
  readonly runs: Pick<Runs, 'status' | 'look'>;
  readonly now: () => number;
}): LiveNewsDesk {
  const told = new Map<string, { news: number; round: string; devices: ReadonlyMap<string, string> }>();
  const toldOf = (task: string) => told.get(task) ?? { news: 0, round: '', devices: new Map<string, string>() };

  function view(task: string): LiveView | undefined {
    const found = runs.status(task);
    if (!found) return undefined;
    const { history: _, budget: __, ...status } = found;
    return { task, news: toldOf(task).news, now: now(), status, ...runs.look(task) };
  }

  return {
    view,
    next(task) {
      const whole = view(task);
      if (!whole) return undefined;
      const { round } = whole;
      const name = round ? `${round.run} ${round.round}` : '';
      const before = toldOf(task);
      const known = before.round === name ? before.devices : new Map<string, string>();
      const devices = new Map(round?.devices.map((device) => [device.device, standingOf(device)]));
      const news = before.news + 1;
      told.set(task, { news, round: name, devices });
      const changed = round?.devices.filter(({ device }) => known.get(device) !== devices.get(device)) ?? [];
      return { ...whole, news, round: round && { ...round, devices: changed } };
    },
  };
}

/** But for the bytes, which would make news of every part of every upload. */
function standingOf({ group, update, seat }: RoundDevice): string {
  return `${group} ${update} ${seat}`;
}
