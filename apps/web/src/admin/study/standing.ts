import type { StudyKeyView } from '@sotto/protocol/admin/study';

/** How the key of the coordinator and the one that this browser holds stand to each other. */
export type KeyStanding =
  /** There is none anywhere. */
  | 'none'
  /** This browser holds one that the coordinator was not told of. */
  | 'untold'
  /** The coordinator's is held here: this page can sign. */
  | 'held'
  /** The coordinator has one, and this browser none. */
  | 'elsewhere'
  /** The coordinator has another one than this browser. */
  | 'different';

export function standingOf(told: StudyKeyView['key'], held: string | null): KeyStanding {
  if (told === null) return held === null ? 'none' : 'untold';
  if (held === null) return 'elsewhere';
  return held === told ? 'held' : 'different';
}
