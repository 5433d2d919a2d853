import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

type Said = { readonly is: string; readonly why?: string };

/** A process of the bench that one speaks with. */
export interface Process<Heard, From extends Said> {
  say(message: Heard): void;
  hear<Is extends From['is']>(what: Is): Promise<Extract<From, { readonly is: Is }>>;
  /** Rejects when it says that it failed, or ends before it is told to. */
  readonly failed: Promise<never>;
  end(): Promise<void>;
}

/** Starts a file of this folder. What it says is kept until it is asked for. */
export function startProcess<Heard extends object, From extends Said>(
  file: string,
  args: readonly string[],
): Process<Heard, From> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const said = new Map<string, PromiseWithResolvers<Said>>();
  const sayingOf = (what: string) => {
    const saying = said.get(what) ?? Promise.withResolvers<Said>();
    said.set(what, saying);
    return saying;
  };
  const { promise: failed, reject: fail } = Promise.withResolvers<never>();
  failed.catch(() => {});
  const exited = once(child, 'exit');
  child.on('message', (message: Said) => {
    if (message.is === 'failed') fail(new Error(message.why));
    else sayingOf(message.is).resolve(message);
  });
  child.on('exit', (code, signal) => fail(new Error(`${file} ended before its time (${signal ?? `status ${code}`})`)));

  return {
    say: (message) => void child.send(message),
    hear: (what) => sayingOf(what).promise as Promise<Extract<From, { readonly is: typeof what }>>,
    failed,
    async end() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
