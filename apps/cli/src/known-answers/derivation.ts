import { shake256 } from '@noble/hashes/sha3.js';
import { ETA } from '@sotto/he-core/params';
import { encodeUtf8 } from '@sotto/protocol/utf8';

/** Known-answer inputs come from SHAKE256 of a label; real keys and noise come from WebCrypto only. */
export function expand(label: string, bytes: number): DataView {
  const stream = shake256(encodeUtf8(label), { dkLen: bytes });
  return new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
}

/** `count` centred binomials: 84 bits each of a little-endian bit string, ones of the first 42 minus those of the last. */
export function deriveNoise(label: string, count: number): Int8Array {
  const bits = expand(label, Math.ceil((2 * ETA * count) / 8));
  const bit = (at: number) => (bits.getUint8(at >> 3) >>> (at & 7)) & 1;
  return Int8Array.from({ length: count }, (_, sample) => {
    let value = 0;
    for (let i = 0; i < ETA; i++) value += bit(2 * ETA * sample + i) - bit(2 * ETA * sample + ETA + i);
    return value;
  });
}

/** Little-endian u32 at 4i, each mapped. */
export function deriveWords(label: string, count: number, map: (word: number) => number): number[] {
  const words = expand(label, 4 * count);
  return Array.from({ length: count }, (_, i) => map(words.getUint32(4 * i, true)));
}
