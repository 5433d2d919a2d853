import { type RoundKey, roundKeyText, runKeyText } from '@sotto/protocol/ids';
import type { Clock } from './clock.ts';
import type { Vault, Write } from './vault.ts';

export interface OneTimePrivateKey {
  readonly privateKey: CryptoKey;
  readonly publicKey: string;
  readonly expiry: number;
}

/** Opened key shares, by the device they are of. */
export type Shares = ReadonlyMap<string, Uint16Array>;

interface Held {
  readonly round: string;
  readonly until: number;
  readonly shares: Shares;
}

export interface CustodyPorts {
  readonly vault: Vault;
  readonly clock: Pick<Clock, 'now' | 'at'>;
}

/**
 * A member's one-time keys and the shares they opened, which die together: with the opening, with the round, at the plan's last deadline,
 * or when the key expires, whichever comes first. After that nobody can open the round's boxes any more (forward secrecy).
 */
export function createKeyCustody({ vault, clock }: CustodyPorts) {
  /** By round, plan and list of candidates; gone with the process. */
  const held = new Map<string, Held>();
  /** Being added up just now. */
  const lent = new Set<Held>();
  let alarm: { readonly time: number; readonly cancel: () => void } | null = null;

  function ringAt(time: number): void {
    if (alarm && alarm.time <= time) return;
    alarm?.cancel();
    const ring = () => {
      alarm = null;
      // A vault that has been closed in the meantime: the next session's start does it.
      forgetExpired().catch(() => {});
    };
    alarm = { time, cancel: clock.at(time, ring) };
  }

  async function timeOf(key: string, { expiry }: OneTimePrivateKey): Promise<number> {
    return Math.min(expiry, ((await vault.get('key-deadlines', key)) as number | undefined) ?? expiry);
  }

  function wipe(isOld: (held: Held) => boolean): void {
    for (const [key, entry] of held)
      if (isOld(entry)) {
        held.delete(key);
        if (!lent.has(entry)) wipeShares(entry.shares);
      }
  }

  async function remove(keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await vault.write(keys.flatMap(removalOf));
  }

  async function forgetExpired(): Promise<void> {
    const now = clock.now();
    // At once, whatever a duty is waiting for: a coordinator that does not answer must not keep shares alive.
    wipe(({ until }) => until <= now);
    const old: string[] = [];
    for (const { key, value } of await vault.list('one-time-keys', '')) {
      const until = await timeOf(key, value as OneTimePrivateKey);
      if (until <= now) old.push(key);
      else ringAt(until);
    }
    await remove(old);
  }

  return {
    /** Deletes what is past its time, and rings when the next one will be. */
    forgetExpired,
    /** The write that stores a fresh key. */
    stored(round: RoundKey, key: OneTimePrivateKey): Write {
      ringAt(key.expiry);
      return { table: 'one-time-keys', key: roundKeyText(round), value: key };
    },
    /** The round's key, unless it is gone or past its time. */
    async keyOf(round: RoundKey): Promise<OneTimePrivateKey | undefined> {
      const at = roundKeyText(round);
      const key = (await vault.get('one-time-keys', at)) as OneTimePrivateKey | undefined;
      return key && (await timeOf(at, key)) > clock.now() ? key : undefined;
    },
    /** The keys of a round that are not past their time, in whatever group, by record; and when they will be. */
    async livesOf(run: Pick<RoundKey, 'coordinator' | 'task' | 'run'>, round: number) {
      const keys = await vault.list('one-time-keys', `${runKeyText(run)}/${round}/`);
      const lives = keys.map(async ({ key, value }) => ({ key, until: await timeOf(key, value as OneTimePrivateKey) }));
      return (await Promise.all(lives)).filter(({ until }) => until > clock.now());
    },
    /** The plan is known: its key need not live longer than until its last deadline. A later word only ever shortens this. */
    async limit(round: RoundKey, deadline: number): Promise<void> {
      const at = roundKeyText(round);
      const key = (await vault.get('one-time-keys', at)) as OneTimePrivateKey | undefined;
      if (!key) return;
      if ((await timeOf(at, key)) > deadline) await vault.write([{ table: 'key-deadlines', key: at, value: deadline }]);
      ringAt(deadline);
    },
    hold(round: RoundKey, list: string, until: number, shares: Shares): void {
      held.set(list, { round: roundKeyText(round), until, shares });
      ringAt(until);
    },
    holds: (list: string, shares?: Shares): boolean => {
      const entry = held.get(list);
      return entry !== undefined && (shares === undefined || entry.shares === shares);
    },
    /** The shares stay as they are while `work` adds them up; if their time comes meanwhile, they are wiped right after. */
    async lend<T>(list: string, work: (shares: Shares) => Promise<T>): Promise<T | undefined> {
      const entry = held.get(list);
      if (!entry) return undefined;
      lent.add(entry);
      try {
        return await work(entry.shares);
      } finally {
        lent.delete(entry);
        if (held.get(list) !== entry) wipeShares(entry.shares);
      }
    },
    /** The writes that remove a round's key, to go into one batch with the opening. */
    removal: (round: RoundKey): Write[] => removalOf(roundKeyText(round)),
    /** To be called in turn. */
    async forget(round: RoundKey): Promise<void> {
      const at = roundKeyText(round);
      wipe((entry) => entry.round === at);
      if ((await vault.get('one-time-keys', at)) !== undefined) await remove([at]);
    },
    /** All groups of a round that is over. To be called in turn. */
    async forgetRound(run: Pick<RoundKey, 'coordinator' | 'task' | 'run'>, round: number): Promise<void> {
      const prefix = `${runKeyText(run)}/${round}/`;
      wipe((entry) => entry.round.startsWith(prefix));
      await remove((await vault.list('one-time-keys', prefix)).map(({ key }) => key));
    },
  };
}

export function wipeShares(shares: Shares): void {
  for (const share of shares.values()) share.fill(0);
}

function removalOf(key: string): Write[] {
  return [
    { table: 'one-time-keys', key, remove: true },
    { table: 'key-deadlines', key, remove: true },
  ];
}
