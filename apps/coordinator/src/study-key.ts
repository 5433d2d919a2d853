import { type Rejection, reject } from '@sotto/protocol/rejection';
import type { Store } from './store/store.ts';
import { createTurns } from './turns.ts';

export const GIVE_STUDY_KEY = 'Make one on the page “Study key”, or start the coordinator with SOTTO_STUDY_KEY.';

export interface StudyKey {
  /** Its public half, hex; null: none. */
  current(): string | null;
  /** Given by the settings: it cannot be changed here. */
  readonly isFixed: boolean;
  /** Sets the key, or none (null), where `replaces` is the one there is. */
  set(key: string | null, replaces: string | null): Promise<Rejection | undefined>;
}

/** The public half of the study key, which changes at run time unless the settings fix it. The private half is never here. */
export async function openStudyKey(
  store: Pick<Store, 'studyKeys' | 'setStudyKey'>,
  fixed: string | null,
  now: () => number,
): Promise<StudyKey> {
  let current = fixed ?? (await store.studyKeys())[0]?.key ?? null;
  const inTurn = createTurns();
  return {
    current: () => current,
    isFixed: fixed !== null,
    set: (key, replaces) =>
      inTurn(async () => {
        if (fixed !== null)
          return reject(
            'study_key_fixed',
            'The study key is fixed by SOTTO_STUDY_KEY: unset that and restart the coordinator, or change it there.',
          );
        if (key === current) return undefined;
        if (replaces !== current)
          return reject(
            'study_key_changed',
            current === null
              ? 'There is no study key here any more. Look again, then decide.'
              : `Another study key is here (it begins with ${current.slice(0, 8)}). Look at it, then decide whether to replace it.`,
          );
        await store.setStudyKey(key, now());
        current = key;
        return undefined;
      }),
  };
}
