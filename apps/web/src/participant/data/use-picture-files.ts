import { collectFaults, type Fault, type Faults, fault, joinFaults, NO_FAULTS } from '@sotto/learner/intake/fault';
import { classOfPath } from '@sotto/learner/intake/pictures/classes';
import type { Labelling, LabelMapping } from '@sotto/learner/intake/pictures/label-table';
import { isClear } from '@sotto/learner/intake/pictures/label-table';
import type { PictureFile } from '@sotto/learner/intake/pictures/reading';
import type { Rejection } from '@sotto/protocol/rejection';
import type { TaskManifest } from '@sotto/protocol/task';
import { useRef, useState } from 'react';
import { problemOf } from '../../words/problem.ts';
import type { NamedFile } from './dropped-files.ts';
import { intake } from './intake.ts';
import type { AlbumInUse } from './use-album.ts';

/** A table of labels that was added, and the pictures it is about. */
export interface AddedTable {
  readonly table: NamedFile;
  readonly files: readonly PictureFile[];
  readonly labelling: Labelling;
}

export interface ToldBy {
  readonly path: string;
  readonly file: string;
  readonly label: string;
}

export interface PictureFilesInUse {
  readonly reading: { readonly done: number; readonly total: number } | null;
  /** Why the worker could not go on. */
  readonly problem: Rejection | null;
  readonly faults: Faults;
  /** What to look at in pictures that were taken. */
  readonly hints: Faults;
  /** Pictures of which nobody said yet what they show. */
  readonly unlabelled: readonly PictureFile[];
  /** A table of which something is left to ask. */
  readonly asking: AddedTable | null;
  /** The table that says what the pictures show, and its columns that do. */
  readonly told: ToldBy | null;
  /** So many pictures were left when the reading was stopped. */
  readonly unread: number;
  /** @param label  class of all of them; null: their folders, names or a table among them say */
  readonly add: (files: readonly NamedFile[], label: number | null) => Promise<void>;
  /** Says what those show of which nobody did; null: what the name of each says. */
  readonly labelRest: (label: number | null) => Promise<void>;
  /** Looks at the table again, its columns and values taken as said. */
  readonly map: (mapping: LabelMapping) => Promise<void>;
  /** Takes the pictures that the table says the class of. */
  readonly takeTable: () => Promise<void>;
  /** Reads the pictures as if there were no table. */
  readonly dropTable: () => Promise<void>;
  readonly stop: () => void;
  readonly clear: () => void;
}

/** How often progress is drawn. */
const DRAWN_MS = 100;

/** Leaves out what comes too soon after the last. */
function throttled(tell: (done: number, total: number) => void): (done: number, total: number) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (done, total) => {
    if (done > 0 && performance.now() - last < DRAWN_MS) return;
    last = performance.now();
    tell(done, total);
  };
}

const TABLE = /\.(csv|tsv)$/i;

/** Pictures from files: read in the worker, put into the album, and word of every one that could not be. */
export function usePictureFiles(task: TaskManifest, { room, add }: AlbumInUse): PictureFilesInUse {
  const image = task.input.image!;
  const [reading, setReading] = useState<PictureFilesInUse['reading']>(null);
  const [problem, setProblem] = useState<Rejection | null>(null);
  const [faults, setFaults] = useState<Faults>(NO_FAULTS);
  const [hints, setHints] = useState<Faults>(NO_FAULTS);
  const [unlabelled, setUnlabelled] = useState<readonly PictureFile[]>([]);
  const [asking, setAsking] = useState<AddedTable | null>(null);
  const [told, setTold] = useState<ToldBy | null>(null);
  const [unread, setUnread] = useState(0);
  const stopping = useRef(new AbortController());

  /** What the worker cannot do is said, and nothing else is lost. */
  async function attempt(work: () => Promise<void>): Promise<void> {
    setProblem(null);
    setUnread(0);
    try {
      await work();
    } catch (error) {
      setProblem(problemOf(error));
    }
    setReading(null);
  }

  async function read(files: readonly PictureFile[], before: Faults): Promise<void> {
    stopping.current = new AbortController();
    const result = await intake.pictures.read(
      files,
      { image, classes: task.classes },
      {
        room,
        signal: stopping.current.signal,
        onProgress: throttled((done, total) => setReading({ done, total })),
      },
    );
    add(result);
    setUnread(result.unread);
    setFaults(joinFaults(before, result.faults));
    setHints((others) => joinFaults(others, result.hints));
    setUnlabelled((others) => [...others, ...result.unlabelled]);
  }

  async function take({ table, files, labelling }: AddedTable): Promise<void> {
    const { columns, file, label } = labelling;
    setAsking(null);
    setUnlabelled([]);
    setTold({ path: table.path, file: columns[file!] || `${file! + 1}`, label: columns[label!] || `${label! + 1}` });
    const labelled = files.flatMap((file, i) => {
      const label = labelling.labels[i];
      return label === null || label === undefined ? [] : [{ ...file, label }];
    });
    await read(labelled, labelling.faults);
  }

  async function look(
    table: NamedFile,
    files: readonly PictureFile[],
    asked: LabelMapping | null,
  ): Promise<AddedTable | Fault> {
    const paths = files.map(({ path }) => path);
    const labelling = await intake.pictures.label(table, paths, task.classes, asked);
    return 'code' in labelling ? labelling : { table, files, labelling };
  }

  function faultsOf(...all: readonly Fault[]): Faults {
    const found = collectFaults();
    for (const one of all) found.add(one);
    return found.faults();
  }

  return {
    reading,
    problem,
    faults,
    hints,
    unlabelled,
    asking,
    told,
    unread,
    add: (files, label) =>
      attempt(async () => {
        setFaults(NO_FAULTS);
        setHints(NO_FAULTS);
        setTold(null);
        const tables = files.filter(({ path }) => TABLE.test(path));
        const pictures = files.filter(({ path }) => !TABLE.test(path)).map((file) => ({ ...file, label }));
        const [table] = tables;
        if (!table) return read(pictures, NO_FAULTS);
        // A table that cannot help must not stand in the way of the pictures.
        const without = (...faults: readonly Fault[]) => read(pictures, faultsOf(...faults));
        if (tables.length > 1) return without(...tables.map(({ path }) => fault('labels_second', { file: path })));
        const about = [...pictures, ...new Set([...(asking?.files ?? []), ...unlabelled])];
        if (about.length === 0) return setFaults(faultsOf(fault('labels_alone', { file: table.path })));
        const added = await look(table, about, null);
        if ('code' in added) return without(added);
        if (isClear(added.labelling)) return take(added);
        if (added.labelling.columns.length < 2) return without(fault('labels_columns', { file: table.path }));
        setAsking(added);
      }),
    labelRest: (label) =>
      attempt(async () => {
        const files = unlabelled.map((file) => ({ ...file, label: label ?? classOfPath(file.path, task.classes) }));
        setUnlabelled([]);
        await read(files, NO_FAULTS);
      }),
    map: (mapping) =>
      attempt(async () => {
        if (!asking) return;
        const added = await look(asking.table, asking.files, mapping);
        if ('code' in added) setFaults(faultsOf(added));
        else setAsking(added);
      }),
    takeTable: () => attempt(async () => (asking ? take(asking) : undefined)),
    dropTable: () =>
      attempt(async () => {
        if (!asking) return;
        setAsking(null);
        setUnlabelled([]);
        await read(asking.files, NO_FAULTS);
      }),
    stop: () => stopping.current.abort(),
    clear() {
      stopping.current.abort();
      setProblem(null);
      setFaults(NO_FAULTS);
      setHints(NO_FAULTS);
      setUnlabelled([]);
      setAsking(null);
      setTold(null);
      setUnread(0);
    },
  };
}
