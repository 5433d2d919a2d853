import type { Sealing } from '@sotto/participant/sealing/service';
import type { RunRequest } from '../../src/rounds/run-request.ts';
import type { Store } from '../../src/store/store.ts';
import type { Admin } from './admin.ts';
import type { Whereabouts } from './coordinator-process.ts';
import type { Device } from './device.ts';

/** One kind of story; a case is one of them, with its deaths. */
export interface Plot {
  readonly name: string;
  readonly devices: number;
  readonly task: 'small' | 'large';
  /** The run that begins by itself. */
  readonly run: RunRequest;
  /** What goes on besides; anew in each case. */
  readonly script?: () => Script | Promise<Script>;
}

export interface Script {
  /** The last run may have been stopped as well: `act` sees to it that rounds were published. */
  readonly mayStop?: boolean;
  /** Each of its steps is tried until it has come true: the coordinator may die at any. */
  act?(stage: Stage): Promise<void>;
  beforeJoining?(device: number): Promise<void>;
  /** The code the device brings. */
  invite?(device: number): string | null;
  beforeLearning?(device: number): Promise<void>;
  sealing?(device: number, honest: Sealing): Sealing;
  /** What else must hold in the end. @returns what does not. */
  examine?(store: Store): Promise<readonly string[]>;
}

/** What a plot sees of the case it is played in. */
export interface Stage {
  readonly devices: readonly Device[];
  readonly admin: Admin;
  /** Where the coordinator listens, and its token for admins: of the process that is up now. */
  readonly at: () => Whereabouts;
  /** Waits until `look` gives something; what throws in between, as requests to a dead coordinator do, is tried again. */
  readonly until: <T>(look: () => T | undefined | false | Promise<T | undefined | false>) => Promise<T>;
  /** States of all runs, by name. */
  readonly runs: () => Readonly<Record<string, string>>;
  /** Updates that their devices were told are counted. */
  readonly acknowledged: () => number;
  /** File that the coordinator's log is written to. */
  readonly log: string;
}
