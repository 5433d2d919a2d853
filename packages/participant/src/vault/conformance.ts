import type { Vault } from '../vault.ts';

/** What every vault promises, as named checks that throw; a test runner of any kind can run them over `open`. */
export interface VaultCase {
  readonly promise: string;
  run(open: () => Promise<Vault>): Promise<void>;
}

function ensure(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

/** `reopens`: the vault outlives the process; `open` then gives the same one again. */
export function vaultCases({ reopens }: { readonly reopens: boolean }): VaultCase[] {
  const cases: VaultCase[] = [
    {
      promise: 'gives back what was written, byte arrays included, and undefined for what never was',
      async run(open) {
        const vault = await open();
        const value = { round: 3, bytes: Uint8Array.of(1, 2, 3), list: ['a', 'b'], none: null };
        await vault.write([{ table: 'contributions', key: 'a', value }]);
        const read = (await vault.get('contributions', 'a')) as typeof value;
        ensure(read.round === 3 && read.none === null && read.list.join() === 'a,b', 'fields differ');
        ensure(Array.from(read.bytes).join() === '1,2,3', 'bytes differ');
        ensure((await vault.get('contributions', 'b')) === undefined, 'an unknown key must be undefined');
        ensure((await vault.get('outbox', 'a')) === undefined, 'tables must be apart');
        vault.close();
      },
    },
    {
      promise: 'keeps a copy: changing a value after writing or reading changes nothing inside',
      async run(open) {
        const vault = await open();
        const value = { bytes: Uint8Array.of(1) };
        await vault.write([{ table: 'outbox', key: 'copy', value }]);
        value.bytes[0] = 9;
        const read = (await vault.get('outbox', 'copy')) as typeof value;
        ensure(read.bytes[0] === 1, 'the written value was shared');
        read.bytes[0] = 9;
        ensure(((await vault.get('outbox', 'copy')) as typeof value).bytes[0] === 1, 'the read value was shared');
        vault.close();
      },
    },
    {
      promise: 'lists the keys that begin with a prefix, ascending, and only those',
      async run(open) {
        const vault = await open();
        await vault.write(
          ['run/2', 'run/1', 'rung', 'other', 'run/1/0'].map((key) => ({ table: 'members', key, value: key })),
        );
        const keys = (await vault.list('members', 'run/')).map(({ key }) => key);
        ensure(keys.join() === 'run/1,run/1/0,run/2', `listed ${keys.join()}`);
        vault.close();
      },
    },
    {
      promise: 'writes a batch whole: removals and writes of several tables together, the last word per key winning',
      async run(open) {
        const vault = await open();
        await vault.write([{ table: 'outbox', key: 'x', value: 1 }]);
        await vault.write([
          { table: 'outbox', key: 'x', remove: true },
          { table: 'contributions', key: 'x', value: 2 },
          { table: 'contributions', key: 'x', value: 3 },
        ]);
        ensure((await vault.get('outbox', 'x')) === undefined, 'the removal is missing');
        ensure((await vault.get('contributions', 'x')) === 3, 'the write is missing');
        vault.close();
      },
    },
    {
      promise: 'writes nothing of a batch in which one value cannot be stored',
      async run(open) {
        const vault = await open();
        const refused = await vault
          .write([
            { table: 'outbox', key: 'half', value: 1 },
            { table: 'contributions', key: 'half', value: () => 'functions cannot be cloned' },
          ])
          .then(
            () => false,
            () => true,
          );
        ensure(refused, 'the batch must be refused');
        ensure((await vault.get('outbox', 'half')) === undefined, 'half a batch was written');
        vault.close();
      },
    },
    {
      promise: 'writes a batch with an expectation only while what is stored is what was expected',
      async run(open) {
        const vault = await open();
        const place = { table: 'members', key: 'cas' } as const;
        const first = { round: 1, list: ['a'] };
        const put = (value: unknown) => [
          { ...place, value },
          { table: 'outbox', key: 'cas', value: 'beside' } as const,
        ];
        ensure(!(await vault.write(put(first), { ...place, value: first })), 'nothing is not a record');
        ensure((await vault.get('outbox', 'cas')) === undefined, 'a refused batch was written');
        ensure(await vault.write(put(first), { ...place, value: undefined }), 'nothing was expected and found');
        ensure(!(await vault.write(put({}), { ...place, value: undefined })), 'a record was overwritten');
        ensure(!(await vault.write(put({}), { ...place, value: { round: 2 } })), 'another record was expected');
        // The same value in another order of fields.
        ensure(
          await vault.write(put({ round: 2 }), { ...place, value: { list: ['a'], round: 1 } }),
          'it was as expected',
        );
        ensure(((await vault.get('members', 'cas')) as { round: number }).round === 2, 'the write is missing');
        const outcomes = await Promise.all(
          [3, 4, 5].map((round) => vault.write(put({ round }), { ...place, value: { round: 2 } })),
        );
        ensure(outcomes.filter((written) => written).length === 1, 'of those that raced, not just one won');
        vault.close();
      },
    },
    {
      promise: 'keeps private keys usable and non-extractable',
      async run(open) {
        const vault = await open();
        const pair = await vault.createKeys('Ed25519');
        await vault.write([{ table: 'identity', key: 'k', value: { privateKey: pair.privateKey } }]);
        const { privateKey } = (await vault.get('identity', 'k')) as { privateKey: CryptoKey };
        ensure(!privateKey.extractable, 'the stored key can be extracted');
        const message = Uint8Array.of(1, 2, 3);
        const signature = await crypto.subtle.sign('Ed25519', privateKey, message);
        ensure(
          await crypto.subtle.verify('Ed25519', pair.publicKey, signature, message),
          'the stored key signs differently',
        );
        vault.close();
      },
    },
  ];
  if (reopens)
    cases.push({
      promise: 'still holds everything when it is opened again',
      async run(open) {
        const before = await open();
        const pair = await before.createKeys('X25519');
        await before.write([{ table: 'one-time-keys', key: 'k', value: { privateKey: pair.privateKey, expiry: 5 } }]);
        before.close();
        const after = await open();
        const entry = (await after.get('one-time-keys', 'k')) as { privateKey: CryptoKey; expiry: number };
        ensure(entry.expiry === 5 && entry.privateKey.algorithm.name === 'X25519', 'the entry is lost');
        after.close();
      },
    });
  return cases;
}
