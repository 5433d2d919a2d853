/** What has been opened, to be closed in the reverse order. */
export interface Closing {
  add(...ends: (() => unknown)[]): void;
  /**
   * Closes everything, once, whatever fails on the way.
   * @throws AggregateError of all that failed.
   */
  close(): Promise<void>;
}

export function createClosing(): Closing {
  const ends: (() => unknown)[] = [];
  return {
    add: (...more) => void ends.push(...more),
    async close() {
      const failures: unknown[] = [];
      for (const end of ends.splice(0).reverse())
        try {
          await end();
        } catch (error) {
          failures.push(error);
        }
      if (failures.length > 0) throw new AggregateError(failures, 'the coordinator could not close everything');
    },
  };
}
