import { SingleBar } from 'cli-progress';

/** What is under way, for people: a bar where there is a terminal, else one plain line a phase. On stderr; results go to stdout. */
export interface Progress {
  /** @param done of `total`, and in words what is being done */
  show(what: string, done: number, total: number): void;
  /** Takes the bar away, so that a result can be printed. */
  clear(): void;
}

export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? createBar(stream) : createLines(stream);
}

function createBar(stream: NodeJS.WriteStream): Progress {
  const bar = new SingleBar({
    stream,
    format: '{bar} {percentage} % · {what}',
    barCompleteChar: '━',
    barIncompleteChar: '─',
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
  });
  const GRAIN = 1000;
  return {
    show(what, done, total) {
      const value = total > 0 ? Math.round((done / total) * GRAIN) : 0;
      if (bar.isActive) bar.update(value, { what });
      else bar.start(GRAIN, value, { what });
    },
    clear() {
      if (bar.isActive) bar.stop();
    },
  };
}

function createLines(stream: NodeJS.WriteStream): Progress {
  let said = '';
  return {
    show(what) {
      if (what !== said) stream.write(`${what}\n`);
      said = what;
    },
    clear() {},
  };
}
