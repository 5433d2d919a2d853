/** What an error of any kind says, for the end of a sentence. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The same without the pages of advice for programmers that TF.js goes on with. */
export function inBrief(error: unknown): string {
  return messageOf(error).replace(/( This may be due to[^\n]*:)?\n[\s\S]*$/, '');
}
