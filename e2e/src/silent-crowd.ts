import type { Coordinator } from '@sotto/coordinator/main';
import { openIdentity } from '@sotto/participant/identity';
import { createMemoryVault } from '@sotto/participant/vault/memory';
import { helloString } from '@sotto/protocol/messages';

export interface SilentDevice {
  readonly device: string;
  /** It is gone without a word. */
  close(): void;
}

/** Devices with keys of their own that say hello and nothing else: as many as there are to be on a screen, at the cost of a signature each. */
export async function seatSilentCrowd(
  { desk }: Pick<Coordinator, 'desk'>,
  task: string,
  count: number,
): Promise<SilentDevice[]> {
  const crowd: SilentDevice[] = [];
  for (let i = 0; i < count; i++) {
    const identity = await openIdentity(createMemoryVault());
    const { promise: challenge, resolve } = Promise.withResolvers<{ coordinator: string; nonce: string }>();
    const session = desk.open((name, payload) => {
      if (name === 'challenge') resolve(payload as never);
    });
    const signature = await identity.sign(helloString(await challenge));
    const answer = await session.receive('hello', {
      version: 1,
      task,
      key: identity.publicKey,
      signature,
      certificates: [],
      contributes: true,
    });
    if ('rejected' in answer) throw new Error(answer.message);
    crowd.push({ device: identity.device, close: () => session.close() });
  }
  return crowd;
}
