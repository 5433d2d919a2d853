import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';

export interface Refused {
  /** The rejection's code. */
  readonly rejected: string;
  /** What was refused: a message by its name, an HTTP route, a connection. One of a fixed few. */
  readonly kind: string;
  readonly address: string;
  readonly device?: string | null;
}

/** Refusals are logged when they begin, and then summed up by the minute: whoever can make us write a line for each of its messages fills the disk. */
export interface Refusals {
  note(refused: Refused): void;
  close(): void;
}

const SUMMED_UP_MS = 60_000;
/** Senders told apart within one minute; those beyond are summed up together. */
const MOST_SENDERS = 1000;

/** @param onRejected hears of every one, for counting. */
export function createRefusals({
  log,
  clock,
  onRejected = () => {},
}: {
  readonly log: Log;
  readonly clock: Clock;
  readonly onRejected?: ((code: string, kind: string) => void) | undefined;
}): Refusals {
  let more = new Map<string, { readonly about: object; count: number }>();
  let cancel: (() => void) | undefined;

  function sumUp(): void {
    cancel = undefined;
    for (const { about, count } of more.values())
      if (count > 0) log.info({ ...about, count }, 'refused again, so often in the last minute');
    more = new Map();
  }

  return {
    note({ rejected, kind, address, device = null }) {
      onRejected(rejected, kind);
      cancel ??= clock.at(clock.now() + SUMMED_UP_MS, sumUp);
      const key = `${rejected} ${device ?? address}`;
      const known = more.get(key);
      if (known) known.count += 1;
      else if (more.size < MOST_SENDERS) {
        const about = { code: rejected, address, ...(device !== null && { device }) };
        more.set(key, { about, count: 0 });
        log.info({ ...about, kind }, 'refused');
      } else {
        const others = more.get('others');
        if (others) others.count += 1;
        else more.set('others', { about: { code: 'any', address: 'others' }, count: 1 });
      }
    },
    close() {
      cancel?.();
      if (cancel) sumUp();
    },
  };
}
