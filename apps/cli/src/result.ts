/** One published round, as it was measured. */
export interface RoundResult {
  readonly round: number;
  readonly contributors: number;
  /** Of the new model, on held-out examples. */
  readonly testAccuracy: number;
  /** Sealing one update: encrypting it and sharing its key; median over the contributors. */
  readonly sealMs: number;
  /** Everything one participant sent; median over the contributors. */
  readonly uploadBytes: number;
  /** From the frozen list of candidates to the opened sum. */
  readonly openMs: number;
}

/** What a demo or a simulation leaves behind: the one shape of `result.json` and of every `--json`. */
export interface RunResult {
  readonly task: string;
  /** Of the model; null when no sum was opened. */
  readonly parameters: number | null;
  /** Bytes of one ciphertext / parameters; null when no sum was opened. */
  readonly bytesPerParameter: number | null;
  /**
   * Every opened sum equals the sum of the quantised updates, level by level; null when that could not be measured: no sum was opened, or
   * somebody from outside this process contributed.
   */
  readonly sumExact: boolean | null;
  readonly rounds: readonly RoundResult[];
}
