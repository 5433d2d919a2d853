import { collectFaults, type Fault, type Faults, fault, joinFaults, NO_FAULTS } from '@sotto/learner/intake/fault';
import type { Labelling, LabelMapping } from '@sotto/learner/intake/pictures/label-table';
import { isClear } from '@sotto/learner/intake/pictures/label-table';
import type { PictureFile } from '@sotto/learner/intake/pictures/reading';
import type { TaskManifest } from '@sotto/protocol/task';
import { useRef, useState } from 'react';
import type { NamedFile } from './dropped-files.ts';
import { intake } from './intake.ts';
import type { AlbumInUse } from './use-album.ts';

/** A table of labels that was added, and the pictures it is about. */
export interface AddedTable {
  readonly table: NamedFile;
  readonly files: readonly PictureFile[];
  readonly labelling: Labelling;
}

export interface PictureFilesInUse {
  readonly reading: { readonly done: number; readonly total: number } | null;
  /** Why the worker could not go on. */
  readonly problem: string | null;
  readonly faults: Faults;
  /** Pictures of which nobody said yet what they show. */
  readonly unlabelled: readonly PictureFile[];
  /** A table of which something is left to ask. */
  readonly asking: AddedTable | null;
  /** @param label  class of all of them; null: their folders, names or a table among them say */
  readonly add: (files: readonly NamedFile[], label: number | null) => Promise<void>;
  /** Says what those show of which nobody did. */
  readonly labelRest: (label: number) => Promise<void>;
  /** Looks at the table again, its columns and values taken as said. */
  readonly map: (mapping: LabelMapping) => Promise<void>;
  /** Takes the pictures that the table says the class of. */
  readonly takeTable: () => Promise<void>;
  readonly dropTable: () => void;
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
  const [problem, setProblem] = useState<string | null>(null);
  const [faults, setFaults] = useState<Faults>(NO_FAULTS);
  const [unlabelled, setUnlabelled] = useState<readonly PictureFile[]>([]);
  const [asking, setAsking] = useState<AddedTable | null>(null);
  const stopping = useRef(new AbortController());

  /** What the worker cannot do is said, and nothing else is lost. */
  async function attempt(work: () => Promise<void>): Promise<void> {
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
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
    setFaults(joinFaults(before, result.faults));
    setUnlabelled((others) => [...others, ...result.unlabelled]);
  }

  async function take({ files, labelling }: AddedTable): Promise<void> {
    setAsking(null);
    setUnlabelled([]);
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

  function blame(...all: readonly Fault[]): void {
    const found = collectFaults();
    for (const one of all) found.add(one);
    setFaults(found.faults());
  }

  return {
    reading,
    problem,
    faults,
    unlabelled,
    asking,
    add: (files, label) =>
      attempt(async () => {
        setFaults(NO_FAULTS);
        const [table, ...more] = files.filter(({ path }) => TABLE.test(path));
        const pictures = files.filter(({ path }) => !TABLE.test(path)).map((file) => ({ ...file, label }));
        if (!table) return read(pictures, NO_FAULTS);
        if (more.length > 0) return blame(...more.map(({ path }) => fault('labels_second', { file: path })));
        const about = [...pictures, ...unlabelled];
        if (about.length === 0) return blame(fault('labels_alone', { file: table.path }));
        const added = await look(table, about, null);
        if ('code' in added) return blame(added);
        if (isClear(added.labelling)) return take(added);
        if (added.labelling.columns.length < 2) return blame(fault('labels_columns', { file: table.path }));
        setAsking(added);
      }),
    labelRest: (label) =>
      attempt(async () => {
        const files = unlabelled.map((file) => ({ ...file, label }));
        setUnlabelled([]);
        await read(files, NO_FAULTS);
      }),
    map: (mapping) =>
      attempt(async () => {
        if (!asking) return;
        const added = await look(asking.table, asking.files, mapping);
        if ('code' in added) blame(added);
        else setAsking(added);
      }),
    takeTable: () => attempt(async () => (asking ? take(asking) : undefined)),
    dropTable: () => setAsking(null),
    stop: () => stopping.current.abort(),
    clear() {
      stopping.current.abort();
      setProblem(null);
      setFaults(NO_FAULTS);
      setUnlabelled([]);
      setAsking(null);
    },
  };
}
