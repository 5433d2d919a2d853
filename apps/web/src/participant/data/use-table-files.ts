import { concatDatasets, type Dataset } from '@sotto/learner/dataset';
import type { Fault } from '@sotto/learner/intake/fault';
import type { TableReading } from '@sotto/learner/table/examples';
import type { TableLayout } from '@sotto/learner/table/layout';
import { isComplete, type TableMapping } from '@sotto/learner/table/mapping';
import type { TableOpening } from '@sotto/learner/table/reading';
import { TrainingError } from '@sotto/learner/training-error';
import type { Rejection } from '@sotto/protocol/rejection';
import { useEffect, useRef, useState } from 'react';
import { problemOf } from '../../words/problem.ts';
import type { NamedFile } from './dropped-files.ts';
import { intake } from './intake.ts';

/** A table somebody added, as far as it has come. */
export interface AddedTable {
  readonly id: number;
  readonly file: File;
  /** With the folders it lay in; of two alike, the second has a number. */
  readonly name: string;
  readonly opening: TableOpening | null;
  /** Whether its first line is a row like the others; null: the line itself tells. */
  readonly headless: boolean | null;
  /** Why there is no table in it. */
  readonly refused: Fault | null;
  readonly mapping: TableMapping;
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly reading: TableReading | null;
  /** Why the worker could not go on. */
  readonly problem: Rejection | null;
}

export interface TablesInUse {
  readonly tables: readonly AddedTable[];
  /** The examples of all of them. */
  readonly data: Dataset | null;
  readonly add: (files: readonly NamedFile[]) => void;
  readonly map: (id: number, mapping: TableMapping) => void;
  /** Says whether the first line is a row like the others. */
  readonly setHeadless: (id: number, headless: boolean) => void;
  readonly remove: (id: number) => void;
}

const UNSAID: TableMapping = { places: {}, values: {} };

/** Tables from files: opened, mapped and read one by one in the worker; their examples add up. */
export function useTableFiles(layout: TableLayout, onChange: (data: Dataset | null) => void): TablesInUse {
  const [tables, setTables] = useState<readonly AddedTable[]>([]);
  const [data, setData] = useState<Dataset | null>(null);
  const latest = useRef(tables);
  const readings = useRef(new Map<number, AbortController>());
  const lastId = useRef(0);
  useEffect(
    () => () => {
      for (const reading of readings.current.values()) reading.abort();
    },
    [],
  );

  function update(next: readonly AddedTable[]): void {
    const before = datasetsOf(latest.current);
    latest.current = next;
    setTables(next);
    const now = datasetsOf(next);
    if (now.length === before.length && now.every((dataset, i) => dataset === before[i])) return;
    const all = now.length > 1 ? concatDatasets(now) : (now[0] ?? null);
    setData(all);
    onChange(all);
  }

  const change = (id: number, part: Partial<AddedTable>) =>
    update(latest.current.map((table) => (table.id === id ? { ...table, ...part } : table)));

  async function open({ id, file, name, headless }: AddedTable): Promise<void> {
    const opening = await attempt(id, () => intake.tables.open({ name, blob: file }, layout, headless));
    if (!opening) return;
    if ('code' in opening) return change(id, { refused: opening });
    const alike = latest.current.find(
      (other) => other.id !== id && other.opening && sameColumns(other.opening, opening),
    );
    const mapping = alike?.mapping ?? opening.mapping;
    change(id, { opening, mapping });
    await read(id, file, name, mapping);
  }

  async function read(id: number, file: File, name: string, mapping: TableMapping): Promise<void> {
    readings.current.get(id)?.abort();
    if (!isComplete(layout, mapping)) return change(id, { reading: null, progress: null });
    const { signal, abort } = startReading(id);
    change(id, { progress: { done: 0, total: file.size } });
    const onProgress = (done: number, total: number) => change(id, { progress: { done, total } });
    const reading = await attempt(id, () =>
      intake.tables.read({ name, blob: file }, layout, mapping, { signal, onProgress }),
    );
    if (signal.aborted) return;
    abort();
    change(id, { reading: reading ?? null, progress: null });
  }

  function startReading(id: number) {
    const controller = new AbortController();
    readings.current.set(id, controller);
    return { signal: controller.signal, abort: () => void readings.current.delete(id) };
  }

  /** What the worker cannot do is said, and nothing else is lost. */
  async function attempt<T>(id: number, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TrainingError && error.code === 'cancelled'))
        change(id, { progress: null, problem: problemOf(error) });
      return undefined;
    }
  }

  return {
    tables,
    data,
    add(files) {
      for (const { path, file } of files) {
        const id = ++lastId.current;
        const name = freshName(
          path,
          latest.current.map((table) => table.name),
        );
        const begun = {
          opening: null,
          headless: null,
          refused: null,
          mapping: UNSAID,
          progress: null,
          reading: null,
          problem: null,
        };
        const table = { id, file, name, ...begun };
        update([...latest.current, table]);
        void open(table);
      }
    },
    map(id, mapping) {
      const table = latest.current.find((other) => other.id === id);
      if (!table) return;
      change(id, { mapping, problem: null });
      void read(id, table.file, table.name, mapping);
    },
    setHeadless(id, headless) {
      const table = latest.current.find((other) => other.id === id);
      if (!table) return;
      change(id, { headless, problem: null });
      void open({ ...table, headless });
    },
    remove(id) {
      readings.current.get(id)?.abort();
      update(latest.current.filter((table) => table.id !== id));
    },
  };
}

function freshName(path: string, taken: readonly string[]): string {
  let name = path;
  for (let i = 2; taken.includes(name); i++) name = `${path} (${i})`;
  return name;
}

function datasetsOf(tables: readonly AddedTable[]): Dataset[] {
  return tables.flatMap(({ reading }) => reading?.dataset ?? []);
}

function sameColumns(a: TableOpening, b: TableOpening): boolean {
  if (a.mapping.headless !== b.mapping.headless || a.columns.length !== b.columns.length) return false;
  return a.columns.every(({ name }, at) => name === b.columns[at]!.name);
}
