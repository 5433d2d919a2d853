import type { About } from '@sotto/protocol/about';
import type { Standing } from '@sotto/protocol/admission';
import type { Certificate } from '@sotto/protocol/certificate';
import type { HintName, HintOf } from '@sotto/protocol/messages';

export type Send = <Name extends HintName>(hint: Name, payload: HintOf<Name>) => void;

/** A device that said who it is and is connected now. */
export interface Presence {
  readonly device: string;
  readonly key: string;
  readonly task: string;
  readonly contributes: boolean;
  /** Whether it is let in, or what it waits for. */
  readonly standing: Standing;
  /** Those under the study key that it was told of; it shows no others. */
  readonly certificates: readonly Certificate[];
  /** When it came, in this stretch of presence. */
  readonly since: number;
  /** Milliseconds of earlier stretches, those before a restart among them. */
  readonly attended: number;
  /** What it says of itself. */
  readonly about: About | null;
  /** A name for where it is connected from, as long as this process lives; null: not known. */
  readonly network: string | null;
}

export interface Live extends Presence {
  readonly send: Send;
  /** Called when the same device comes again: the newest session wins. */
  readonly supersede: () => void;
  /** Called when something may have changed about who is let in. */
  readonly review: () => Promise<void>;
}

/** Who is here. One session a device and task. */
export interface Sessions {
  /** @returns the presence; it goes on where the device was connected already. */
  enter(live: Live): Presence;
  /** Nothing happens when the session has been superseded. */
  leave(live: Live): boolean;
  /** It stands otherwise now. Undefined when the session has been superseded. */
  revise(live: Live, change: Pick<Presence, 'standing' | 'certificates' | 'since'>): Presence | undefined;
  /** Those that are let in, longest present first, earlier stretches included. */
  present(task: string): Presence[];
  /** Whoever is connected, let in or not: to a task, or to any. */
  connected(task: string | null): Live[];
  /** Whether the device is connected, let in or not. */
  has(task: string, device: string): boolean;
  /** The device, if it is here and let in. */
  find(task: string, device: string): Presence | undefined;
  tell<Name extends HintName>(task: string, device: string, hint: Name, payload: HintOf<Name>): void;
  /** Tasks that devices are, or were, connected to. */
  tasks(): string[];
  /** Connected devices, over all tasks. */
  count(): number;
  /** Tells every device of every task something of its own. */
  tellEach<Name extends HintName>(hint: Name, payload: () => HintOf<Name>): void;
  tellAll<Name extends HintName>(task: string, hint: Name, payload: HintOf<Name>): void;
}

/** Each takes a system call; between so many, others get a word in. */
const TOLD_IN_ONE_GO = 64;

/** @param arrange  who of those that are let in counts as present, and in which order */
export function createSessions(
  arrange: (admitted: readonly Presence[]) => Presence[] = (admitted) => admitted.toSorted(byAttendance),
): Sessions {
  const tasks = new Map<string, Map<string, { presence: Presence; live: Live }>>();
  const devicesOf = (task: string) => tasks.get(task) ?? new Map<string, { presence: Presence; live: Live }>();
  return {
    enter(live) {
      const devices = devicesOf(live.task);
      tasks.set(live.task, devices);
      const before = devices.get(live.device);
      const entered = { ...presenceOf(live), since: before ? before.presence.since : live.since };
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
    revise(live, change) {
      const entry = devicesOf(live.task).get(live.device);
      if (entry?.live !== live) return undefined;
      const presence = { ...entry.presence, ...change };
      devicesOf(live.task).set(live.device, { presence, live });
      return presence;
    },
    present: (task) => arrange([...devicesOf(task).values()].map(({ presence }) => presence).filter(isAdmitted)),
    connected: (task) =>
      (task === null ? [...tasks.values()] : [devicesOf(task)]).flatMap((devices) =>
        [...devices.values()].map(({ live }) => live),
      ),
    has: (task, device) => devicesOf(task).has(device),
    find(task, device) {
      const found = devicesOf(task).get(device)?.presence;
      return found && isAdmitted(found) ? found : undefined;
    },
    tell: (task, device, hint, payload) => devicesOf(task).get(device)?.live.send(hint, payload),
    tasks: () => [...tasks.keys()],
    count: () => [...tasks.values()].reduce((count, devices) => count + devices.size, 0),
    tellEach(hint, payload) {
      for (const devices of tasks.values()) for (const { live } of devices.values()) live.send(hint, payload());
    },
    tellAll(task, hint, payload) {
      const lives = [...devicesOf(task).values()].map(({ live }) => live);
      const tellFrom = (first: number) => {
        for (const live of lives.slice(first, first + TOLD_IN_ONE_GO)) live.send(hint, payload);
        if (first + TOLD_IN_ONE_GO < lives.length) setImmediate(tellFrom, first + TOLD_IN_ONE_GO);
      };
      tellFrom(0);
    },
  };
}

function isAdmitted({ standing }: Presence): boolean {
  return standing === 'admitted';
}

function presenceOf({ send: _, supersede: __, review: ___, ...presence }: Live): Presence {
  return presence;
}

function byAttendance(a: Presence, b: Presence): number {
  return a.since - a.attended - (b.since - b.attended);
}
