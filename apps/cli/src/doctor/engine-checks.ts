import { canLoadSeal } from '@sotto/he-core/engine-support';
import { isRejection } from '@sotto/he-core/rejection';
import { sealUpdate } from '@sotto/he-core/update';
import { type Check, fail, ok } from './finding.ts';

/** What the code needs of JavaScript and WebAssembly. */
export const ENGINE_CHECKS: readonly Check[] = [
  {
    name: 'Node',
    look: () =>
      canLoadSeal()
        ? ok(`${process.version}, with WebAssembly exception references`)
        : fail(
            `${process.version} lacks WebAssembly exception references (exnref). Use Node 24 or later, without flags that switch them off; “npm run sotto -- …” brings one.`,
          ),
  },
  {
    name: 'sealing',
    async look() {
      const began = performance.now();
      const members = await Promise.all([1, 2, 3].map(makeMember));
      const sealed = await sealUpdate({
        profile: 'n774',
        planHash: new Uint8Array(32),
        deviceId: new Uint8Array(32),
        messages: new Float64Array(4096),
        threshold: 3,
        members,
      });
      if (isRejection(sealed)) return fail(`SEAL loads and does not seal: ${sealed.message}. Please report this.`);
      const ms = Math.round(performance.now() - began);
      return ok(`SEAL loads and seals a block of 4096 into ${sealed.ciphertext.length} bytes (${ms} ms in all)`);
    },
  },
];

async function makeMember(): Promise<Uint8Array> {
  const pair = await crypto.subtle.generateKey('X25519', true, ['deriveBits']);
  if (!('publicKey' in pair)) throw new Error('X25519 gives no pair of keys');
  return new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
}
