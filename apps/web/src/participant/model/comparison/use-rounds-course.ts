import type { Dataset } from '@sotto/learner/dataset';
import type { Trainer } from '@sotto/learner/worker/client';
import type { PublishedRound } from '@sotto/protocol/run';
import { useEffect, useRef, useState } from 'react';
import type { ModelFiles } from '../model-files.ts';

interface CoursePoint {
  readonly round: number;
  /** On the person's examples kept aside. */
  readonly accuracy: number;
}

export interface RoundsCourse {
  readonly points: readonly CoursePoint[];
  /** How many of how many rounds are measured, while it is under way. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly error: unknown;
}

interface Request {
  readonly trainer: Trainer;
  readonly files: ModelFiles;
  /** Hash of round 0's model. */
  readonly initial: string;
  /** In the order of rounds. */
  readonly versions: readonly PublishedRound[];
  readonly held: Dataset;
}

const NOTHING: RoundsCourse = { points: [], progress: null, error: null };

/** The shared model of each round on the same examples, one after another, only when asked. What was measured goes with other examples. */
export function useRoundsCourse(held: Dataset | null) {
  const [course, setCourse] = useState(NOTHING);
  const turn = useRef(0);

  useEffect(() => {
    setCourse(NOTHING);
    return () => {
      turn.current += 1;
    };
  }, [held]);

  async function measure({ trainer, files, initial, versions, held: dataset }: Request): Promise<void> {
    const own = ++turn.current;
    const rounds = [{ round: 0, model: initial }, ...versions];
    const known = new Map(course.points.map((point) => [point.round, point]));
    try {
      for (const [done, { round, model }] of rounds.entries()) {
        if (own !== turn.current) return;
        const points = [...known.values()].sort((a, b) => a.round - b.round);
        setCourse({ points, progress: { done, total: rounds.length }, error: null });
        if (known.has(round)) continue;
        const { accuracy } = await trainer.evaluate({ model: await files.open(model), dataset });
        known.set(round, { round, accuracy });
      }
      if (own !== turn.current) return;
      setCourse({ points: [...known.values()].sort((a, b) => a.round - b.round), progress: null, error: null });
    } catch (error) {
      if (own === turn.current) setCourse((before) => ({ ...before, progress: null, error }));
    }
  }

  function stop(): void {
    turn.current += 1;
    setCourse((before) => ({ ...before, progress: null }));
  }

  return { course, measure, stop };
}
