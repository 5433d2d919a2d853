/** Workers that share a queue: a job starts on the first one that is free, in the order the jobs came. */
export interface Pool<Worker> {
  run<T>(job: (worker: Worker) => Promise<T>): Promise<T>;
}

export function createPool<Worker>(workers: readonly Worker[]): Pool<Worker> {
  const free = [...workers];
  const waiting: ((worker: Worker) => void)[] = [];
  return {
    async run(job) {
      const worker = free.pop() ?? (await new Promise<Worker>((resolve) => waiting.push(resolve)));
      try {
        return await job(worker);
      } finally {
        const next = waiting.shift();
        if (next) next(worker);
        else free.push(worker);
      }
    },
  };
}
