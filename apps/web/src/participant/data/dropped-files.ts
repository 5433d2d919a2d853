export interface NamedFile {
  /** With the folders it lay in, as far as the browser tells. */
  readonly path: string;
  readonly file: File;
}

export function chosenFiles(files: FileList | null): NamedFile[] {
  return Array.from(files ?? [], (file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** Dropped files, those in dropped folders included. */
export async function droppedFiles({ items, files }: DataTransfer): Promise<NamedFile[]> {
  // The items are gone after the first await.
  const entries = Array.from(items, (item) => item.webkitGetAsEntry());
  if (entries.every((entry) => entry === null)) return chosenFiles(files);
  return (await Promise.all(entries.map((entry) => (entry ? filesUnder(entry) : [])))).flat();
}

async function filesUnder(entry: FileSystemEntry): Promise<NamedFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, fail) => (entry as FileSystemFileEntry).file(resolve, fail));
    return [{ path: entry.fullPath, file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: NamedFile[] = [];
  for (;;) {
    // A browser hands over at most a hundred at a time.
    const some = await new Promise<FileSystemEntry[]>((resolve, fail) => reader.readEntries(resolve, fail));
    if (some.length === 0) return found;
    for (const inner of some) found.push(...(await filesUnder(inner)));
  }
}
