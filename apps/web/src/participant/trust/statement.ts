/** One thing to know before joining; `good` where it protects, otherwise a limit. */
export interface Statement {
  readonly good: boolean;
  readonly text: string;
}
