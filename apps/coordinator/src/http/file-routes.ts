import { FILE_PART_BYTES, FilePart, FileView } from '@sotto/protocol/admin/tasks';
import { Hash } from '@sotto/protocol/ids';
import { z } from 'zod';
import type { TaskFiles } from '../tasks/task-files.ts';
import { type Route, route } from './route.ts';

export interface FilePorts {
  readonly files: TaskFiles;
}

const byFile = z.strictObject({ file: Hash });

/** Files are uploaded before the task that speaks of them; a file alone means nothing, and is forgotten after a day. */
export function fileRoutes({ files }: FilePorts): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/admin/files/:file',
      summary: 'How much of a file has been uploaded, by the SHA-256 of its bytes',
      role: 'viewer',
      params: byFile,
      answer: FileView,
      cache: 'never',
      handle: ({ params }) => files.look(params.file),
    }),
    route({
      method: 'PUT',
      path: '/api/admin/files/:file',
      summary:
        'Upload a part of a file: 1 MiB from a multiple of it, the last part excepted; the digest is checked with the last',
      role: 'admin',
      params: byFile,
      query: FilePart,
      body: 'bytes',
      mostBytes: FILE_PART_BYTES,
      answer: FileView,
      handle: ({ params, query, body }) => files.take(params.file, query, body),
    }),
  ];
}
