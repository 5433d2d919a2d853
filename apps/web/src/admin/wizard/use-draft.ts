import type { TaskRevisionView } from '@sotto/protocol/admin/tasks';
import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { changeDraft, type Draft, type DraftChange } from './draft.ts';
import {
  type Attachments,
  forgetDraft,
  keepAttachments,
  keepDraft,
  NO_ATTACHMENTS,
  recallDraft,
} from './draft-store.ts';

export interface DraftInUse {
  readonly draft: Draft;
  readonly change: (change: DraftChange) => void;
  /** What it changes; null: it makes a new task. */
  readonly base: TaskRevisionView | null;
  readonly attachments: Attachments;
  readonly attach: (part: Partial<Attachments>) => void;
  /** When the draft was last changed that was taken up again here; null: it began here. */
  readonly recalled: number | null;
  /** Whether the browser keeps it: private windows and full disks may not. */
  readonly isKept: boolean;
  /** Whether it is kept as it stands now. */
  readonly isWritten: boolean;
  /** Throws it away, here and in the browser. */
  readonly startOver: () => void;
  /** It is saved, or not wanted any more. */
  readonly forget: () => Promise<void>;
}

/** What is typed is kept this long after the last key. */
const QUIET_MS = 300;

interface Start {
  readonly draft: Draft;
  readonly base: TaskRevisionView | null;
}

/** The draft of this address, taken up again where there is one; null until that is known. */
export function useDraft(key: string, start: Start): DraftInUse | null {
  const [draft, change] = useReducer(changeDraft, start.draft);
  const [base, setBase] = useState(start.base);
  const [attachments, setAttachments] = useState(NO_ATTACHMENTS);
  const [recalled, setRecalled] = useState<number | null>(null);
  const [isKept, setKept] = useState(true);
  const [isReady, setReady] = useState(false);
  const [written, setWritten] = useState(start.draft);
  // Nothing is written before something was changed.
  const saved = useRef(start.draft);
  const attempt = useCallback(
    (work: Promise<void>) => void work.then(() => setKept(true)).catch(() => setKept(false)),
    [],
  );

  useEffect(() => {
    let over = false;
    const takeUp = async () => {
      const kept = await recallDraft(key).catch(() => null);
      if (over) return;
      if (kept) {
        saved.current = kept.draft;
        setWritten(kept.draft);
        change({ type: 'replace', draft: kept.draft });
        setBase(kept.base);
        setAttachments(kept.attachments);
        setRecalled(kept.at);
      }
      setReady(true);
    };
    void takeUp();
    return () => {
      over = true;
    };
  }, [key]);

  useEffect(() => {
    if (!isReady || draft === saved.current) return;
    const keep = () => {
      if (draft === saved.current) return;
      saved.current = draft;
      attempt(keepDraft(key, { draft, base, at: Date.now() }).then(() => setWritten(draft)));
    };
    const timer = setTimeout(keep, QUIET_MS);
    window.addEventListener('pagehide', keep);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pagehide', keep);
    };
  }, [key, draft, base, isReady, attempt]);

  if (!isReady) return null;
  return {
    draft,
    change,
    base,
    attachments,
    recalled,
    isKept,
    isWritten: written === draft,
    attach(part) {
      const next = { ...attachments, ...part };
      setAttachments(next);
      attempt(
        Promise.all([keepAttachments(key, next), keepDraft(key, { draft, base, at: Date.now() })]).then(
          () => undefined,
        ),
      );
    },
    startOver() {
      saved.current = start.draft;
      setWritten(start.draft);
      change({ type: 'replace', draft: start.draft });
      setBase(start.base);
      setAttachments(NO_ATTACHMENTS);
      setRecalled(null);
      attempt(forgetDraft(key));
    },
    async forget() {
      saved.current = draft;
      await forgetDraft(key).catch(() => {});
    },
  };
}
