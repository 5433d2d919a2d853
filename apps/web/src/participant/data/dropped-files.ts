export interface NamedFile {
  /** With the folders it lay in, as far as the browser tells. */
  readonly path: string;
  readonly file: File;
}

/** Files that were chosen or dropped, without those that operating systems leave in folders: they are nobody's. */
export function namedFiles(files: readonly (File & { readonly path?: string })[]): NamedFile[] {
  return files
    .map((file) => ({ path: (file.path ?? (file.webkitRelativePath || file.name)).replace(/^\.?\//, ''), file }))
    .filter(({ path }) => !/(^|\/)(\.[^/]*|__MACOSX\/.*|Thumbs\.db|desktop\.ini)$/i.test(path));
}
