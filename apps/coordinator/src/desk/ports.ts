import type { ReplyOf, RequestName } from '@sotto/protocol/messages';
import type { Engine } from '../aggregation/engine.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { DiskRoom } from '../blobs/disk-room.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Runs } from '../rounds/runs.ts';
import type { Store } from '../store/store.ts';
import type { Sessions } from './sessions.ts';

export interface DeskPorts {
  /** This coordinator's Ed25519 key. */
  readonly coordinator: string;
  readonly studyKey: () => string | null;
  /** What a task's examples are read by; null of one that nobody takes part in. */
  readonly examplesOf: (task: string) => string | null;
  readonly runs: Runs;
  readonly sessions: Sessions;
  readonly store: Store;
  readonly blobs: Blobs;
  readonly room: DiskRoom;
  readonly engine: Pick<Engine, 'verify'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Bytes of parts that may be under way at once, over all devices. */
  readonly budgetBytes?: number;
}

export interface Answered<Name extends RequestName = RequestName> {
  readonly reply: ReplyOf<Name>;
  readonly bytes?: Uint8Array;
}
