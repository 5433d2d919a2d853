import type { z } from 'zod';

/** The first thing wrong with a value, with the path of the field. */
export function firstIssue({ issues }: z.ZodError): string {
  const issue = issues[0];
  if (!issue) return 'The message is malformed.';
  const path = issue.path.join('.');
  return path ? `${path}: ${issue.message}` : issue.message;
}
