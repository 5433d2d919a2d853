import type { About } from '@sotto/protocol/about';
import type { Certificate } from '@sotto/protocol/certificate';
import type { Pins } from '@sotto/protocol/invite';
import { type Challenge, helloString, type ReplyOf } from '@sotto/protocol/messages';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import type { Identity } from './identity.ts';
import type { Transport } from './transport.ts';

export interface IntroductionPorts {
  readonly transport: Pick<Transport, 'request'>;
  readonly identity: Identity;
  readonly pins: Pins;
  readonly task: string;
  readonly certificates: () => readonly Certificate[];
  /** Whether this device contributes at present. */
  readonly contributes: () => boolean;
  /** What this device says of itself; null: nothing. */
  readonly about: () => About | null;
  /** What its examples were read by. */
  readonly examples: string | undefined;
}

/** Who this device says it is: on each connection once, to the coordinator that its link names, and to that connection's challenge only. */
export function createIntroduction(ports: IntroductionPorts) {
  const { transport, identity, pins, task, certificates, contributes, about, examples } = ports;
  /** Of the present connection; null before it asks who this is. */
  let challenged: Challenge | null = null;
  /** Whether the coordinator was told that this device contributes; null before it was told anything. */
  let told: boolean | null = null;

  return {
    /** @returns why whoever asks is not to be answered */
    hear(challenge: Challenge): Rejection | undefined {
      challenged = challenge;
      if (pins.coordinator === null || pins.coordinator === challenge.coordinator) return undefined;
      return reject(
        'coordinator_foreign',
        'This address answers as another coordinator than the one your link names. Ask for the link again.',
      );
    },
    /** @returns undefined where another connection has taken the place of the one that asked */
    async answer(challenge: Challenge): Promise<ReplyOf<'hello'> | Rejection | undefined> {
      const signature = await identity.sign(helloString(challenge));
      // Another connection asks anew, and a signature for this one proves nothing there.
      if (challenged !== challenge) return undefined;
      told = contributes();
      const said = about();
      const answer = await transport.request('hello', {
        version: 1,
        task,
        key: identity.publicKey,
        signature,
        certificates: [...certificates()],
        contributes: told,
        ...(pins.invite !== null && { invite: pins.invite }),
        ...(said !== null && { about: said }),
        ...(examples !== undefined && { examples }),
      });
      return isRejection(answer) ? answer : answer.reply;
    },
    /** The connection is gone. */
    hangUp(): void {
      challenged = null;
    },
    /** Whether the coordinator was told something else than is so by now. */
    isOutdated: (): boolean => told !== null && told !== contributes(),
  };
}
