import { concatDatasets, type Dataset, pickExamples } from '@sotto/learner/dataset';
import { type Faults, NO_FAULTS } from '@sotto/learner/intake/fault';
import type { TextFile, TextTask } from '@sotto/learner/text/reading';
import type { Rejection } from '@sotto/protocol/rejection';
import { useEffect, useRef, useState } from 'react';
import { problemOf } from '../../words/problem.ts';
import { intake } from './intake.ts';
import type { SourceProps } from './source.ts';

/** Texts that were read, and how each begins. */
interface Texts {
  readonly data: Dataset | null;
  /** In the order of the dataset; `id` lasts. */
  readonly listed: readonly { readonly id: number; readonly beginning: string; readonly written: boolean }[];
}

export interface TextsInUse extends Texts {
  readonly faults: Faults;
  /** How the last reading ended: so many were left when it was stopped, and of so many the coding was guessed. */
  readonly ended: { readonly unread: number; readonly guessed: number };
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** Why the worker could not go on. */
  readonly problem: Rejection | null;
  /**
   * @param written  here, and in no file
   * @returns whether all of them could be used
   */
  readonly add: (files: readonly TextFile[], written?: boolean) => Promise<boolean>;
  readonly remove: (id: number) => void;
  readonly clear: () => void;
  readonly stop: () => void;
}

const NONE: Texts = { data: null, listed: [] };
const WHOLE: TextsInUse['ended'] = { unread: 0, guessed: 0 };

/** Texts one by one, from files or written here; read in the worker, and they add up. */
export function useTexts(task: TextTask, onChange: SourceProps['onChange']): TextsInUse {
  const [texts, setTexts] = useState(NONE);
  const [faults, setFaults] = useState(NO_FAULTS);
  const [ended, setEnded] = useState(WHOLE);
  const [progress, setProgress] = useState<TextsInUse['progress']>(null);
  const [problem, setProblem] = useState<Rejection | null>(null);
  const latest = useRef(texts);
  const lastId = useRef(0);
  const stopping = useRef(new AbortController());
  const left = useRef(false);
  useEffect(() => {
    left.current = false;
    return () => {
      left.current = true;
      stopping.current.abort();
    };
  }, []);

  function update(next: Texts): void {
    latest.current = next;
    setTexts(next);
    onChange(
      next.data,
      next.listed.some(({ written }) => written),
    );
  }

  return {
    ...texts,
    faults,
    ended,
    progress,
    problem,
    async add(files, written = false) {
      stopping.current = new AbortController();
      const { signal } = stopping.current;
      setFaults(NO_FAULTS);
      setEnded(WHOLE);
      setProblem(null);
      setProgress({ done: 0, total: files.length });
      try {
        const onProgress = (done: number, total: number) => setProgress({ done, total });
        const reading = await intake.texts.read(files, task, { signal, onProgress });
        if (left.current) return false;
        setFaults(reading.faults);
        setEnded(reading);
        const { data, listed } = latest.current;
        const fresh = reading.beginnings.map((beginning) => ({ id: ++lastId.current, beginning, written }));
        if (reading.dataset)
          update({
            data: data ? concatDatasets([data, reading.dataset]) : reading.dataset,
            listed: [...listed, ...fresh],
          });
        return reading.faults.count === 0;
      } catch (error) {
        setProblem(problemOf(error));
        return false;
      } finally {
        setProgress(null);
      }
    },
    remove(id) {
      const { data, listed } = latest.current;
      const left = [...listed.keys()].filter((i) => listed[i]!.id !== id);
      if (data)
        update(left.length === 0 ? NONE : { data: pickExamples(data, left), listed: left.map((i) => listed[i]!) });
    },
    clear() {
      setFaults(NO_FAULTS);
      setEnded(WHOLE);
      update(NONE);
    },
    stop: () => stopping.current.abort(),
  };
}
