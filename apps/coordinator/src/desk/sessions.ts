import type { Certificate } from '@sotto/protocol/certificate';
import type { HintName, HintOf } from '@sotto/protocol/messages';

export type Send = <Name extends HintName>(hint: Name, payload: HintOf<Name>) => void;

/** A device that said who it is and is connected now. */
export interface Presence {
  readonly device: string;
  readonly key: string;
  readonly task: string;
  readonly contributes: boolean;
  /** Those under the study key that it was told of in its welcome; it shows no others. */
  readonly certificates: readonly Certificate[];
  /** When it came, in this stretch of presence. */
  readonly since: number;
}

export interface Live extends Presence {
  readonly send: Send;
  /** Called when the same device comes again: the newest session wins. */
  readonly supersede: () => void;
}

/** Who is here. One session a device and task. */
export interface Sessions {
  /** @returns the presence; it goes on where the device was connected already. */
  enter(live: Live): Presence;
  /** Nothing happens when the session has been superseded. */
  leave(live: Live): boolean;
  /** Longest present first. */
  present(task: string): Presence[];
  find(task: string, device: string): Presence | undefined;
  tell<Name extends HintName>(task: string, device: string, hint: Name, payload: HintOf<Name>): void;
  tellAll<Name extends HintName>(task: string, hint: Name, payload: HintOf<Name>): void;
}

export function createSessions(): Sessions {
  const tasks = new Map<string, Map<string, { presence: Presence; live: Live }>>();
  const devicesOf = (task: string) => tasks.get(task) ?? new Map<string, { presence: Presence; live: Live }>();
  return {
    enter(live) {
      const devices = devicesOf(live.task);
      tasks.set(live.task, devices);
      const before = devices.get(live.device);
      const { send: _, supersede: __, ...presence } = live;
      const entered = { ...presence, since: before?.presence.since ?? live.since };
      // Set before superseding, so that the old session's farewell finds itself replaced. The order of insertion is that of presence.
      devices.set(live.device, { presence: entered, live });
      before?.live.supersede();
      return entered;
    },
    leave(live) {
      const devices = devicesOf(live.task);
      if (devices.get(live.device)?.live !== live) return false;
      devices.delete(live.device);
      return true;
    },
    present: (task) => [...devicesOf(task).values()].map(({ presence }) => presence).sort((a, b) => a.since - b.since),
    find: (task, device) => devicesOf(task).get(device)?.presence,
    tell: (task, device, hint, payload) => devicesOf(task).get(device)?.live.send(hint, payload),
    tellAll(task, hint, payload) {
      for (const { live } of devicesOf(task).values()) live.send(hint, payload);
    },
  };
}
