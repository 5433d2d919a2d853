import type { TaskContent } from '@sotto/protocol/admin/tasks';
import { canonicalJson } from '@sotto/protocol/digest';

/** What people read of a task, and what their files may call things: it may change while a run learns. */
const WORDS: readonly string[] = ['title', 'summary', 'card', 'translations', 'aliases'];

/** Fields that are not the same in two tasks: those of the manifest, and its files. */
export function changedFields(before: TaskContent, after: TaskContent): string[] {
  const fields = (content: TaskContent): Readonly<Record<string, unknown>> => {
    const { manifest, ...files } = content;
    return { ...manifest, ...files };
  };
  const [was, is] = [fields(before), fields(after)];
  const names = new Set([...Object.keys(was), ...Object.keys(is)]);
  return [...names].filter((name) => canonicalJson(was[name] ?? null) !== canonicalJson(is[name] ?? null));
}

/** Of these fields, those that say what is learned, and how. */
export function moreThanWords(fields: readonly string[]): string[] {
  return fields.filter((field) => !WORDS.includes(field));
}
