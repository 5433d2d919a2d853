import { fromHex, u16 } from './bytes.ts';
import { sha256 } from './digest.ts';
import { prefixed } from './signature.ts';

/** The strings a committee member signs: its three answers in a round. */

/** "sotto/v1/answer" ‖ planHash ‖ H(candidates) ‖ x ‖ SHA-256(answer). */
export function answerString(
  planHash: string,
  candidatesHash: string,
  x: number,
  answer: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return prefixed('answer', fromHex(planHash), fromHex(candidatesHash), u16(x), sha256(answer));
}

/** "sotto/v1/vote" ‖ planHash ‖ H(U). */
export function voteString(planHash: string, contributorsHash: string): Uint8Array<ArrayBuffer> {
  return prefixed('vote', fromHex(planHash), fromHex(contributorsHash));
}

/** "sotto/v1/opening" ‖ planHash ‖ H(U) ‖ x ‖ SHA-256(N × u16 LE). */
export function openingString(
  planHash: string,
  contributorsHash: string,
  x: number,
  opening: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return prefixed('opening', fromHex(planHash), fromHex(contributorsHash), u16(x), sha256(opening));
}
