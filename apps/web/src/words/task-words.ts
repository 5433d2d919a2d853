import { entryOf } from '@sotto/learner/intake/entry';
import type { TaskManifest } from '@sotto/protocol/task';
import type { Language } from './language.ts';

/** What a task says of itself. */
export interface TaskWords {
  readonly title: string;
  readonly summary: string;
  /** In the task's order. */
  readonly classes: readonly string[];
  /** A table column's title; its name where it has none. */
  columnTitle(name: string): string;
}

type Described = Pick<TaskManifest, 'title' | 'summary' | 'classes' | 'translations'> & {
  readonly input?: Pick<TaskManifest['input'], 'columns'>;
};

/** A task in the person's language, as far as whoever made it translated it; the rest in the task's own words. */
export function taskWords(task: Described, language: Language): TaskWords {
  const translation = task.translations?.[language];
  return {
    title: translation?.title ?? task.title,
    summary: translation?.summary ?? task.summary,
    classes: translation?.classes ?? task.classes,
    columnTitle: (name) =>
      entryOf(translation?.columns ?? {}, name) ??
      task.input?.columns?.find((column) => column.name === name)?.title ??
      name,
  };
}
