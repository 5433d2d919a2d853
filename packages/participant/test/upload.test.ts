import { PART_BYTES, type RequestOf } from '@sotto/protocol/messages';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import type { UpdateRecord } from '@sotto/protocol/update-record';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Transport } from '../src/transport.ts';
import { sendUpload } from '../src/upload.ts';

const record = { key: '00' } as unknown as UpdateRecord;

/** A coordinator's disk that appends in order, and stumbles as told: at each part it may be busy, lose the connection or its tail. */
function stumbling(total: number, stumbles: readonly ('ok' | 'busy' | 'lost' | 'torn')[]) {
  let disk = new Uint8Array(0);
  let committed = 0;
  let step = 0;
  const transport: Transport = {
    open() {},
    close() {},
    fetch: async () => reject('not_found', ''),
    async request(name, payload, bytes) {
      const answer = (reply: object) => ({ reply, bytes: new Uint8Array(0) }) as never;
      if (name === 'upload') return answer({ received: disk.length });
      if (name === 'commit') {
        if (disk.length < total) return reject('upload_incomplete', '');
        committed++;
        return answer({ done: true });
      }
      const { offset } = payload as RequestOf<'part'>;
      const stumble = stumbles[step++] ?? 'ok';
      if (stumble === 'busy') return { ...reject('too_busy', ''), retryAfterMs: 1 };
      if (stumble === 'lost') return reject('disconnected', '');
      if (stumble === 'torn') disk = disk.slice(0, Math.floor(disk.length / 2));
      if (offset > disk.length) return reject('part_out_of_order', '');
      const fresh = bytes!.subarray(disk.length - offset);
      disk = Uint8Array.from([...disk, ...fresh]);
      return answer({ received: disk.length });
    },
  };
  return { transport, disk: () => disk, committed: () => committed };
}

it('an upload ends whole on the coordinator’s disk and committed once, or says why not, whatever happens to its parts', async () => {
  const bytes = Uint8Array.from({ length: Math.floor(PART_BYTES * 2.5) }, (_, i) => (i * 7919) >>> 3);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('ok', 'ok', 'busy', 'lost', 'torn'), { maxLength: 12 }),
      async (stumbles) => {
        const { transport, disk, committed } = stumbling(bytes.length, stumbles);
        const upload = { planHash: 'ab', record, bytes };
        let refused: Rejection | undefined;
        for (let connect = 0; connect < 15; connect++) {
          refused = await sendUpload(
            transport,
            upload,
            async () => {},
            () => {},
          );
          if (refused?.rejected !== 'disconnected') break;
        }
        if (refused) return expect(committed()).toBe(0);
        expect(committed()).toBe(1);
        expect(Buffer.from(disk()).equals(bytes)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});
