/** Why this browser, on this address, cannot take part. */
export type PlatformFault = 'insecure' | 'no-wasm-exceptions' | 'no-curves' | 'no-database';

/**
 * (module (func (block $caught (result exnref) (try_table (catch_all_ref $caught)) unreachable) drop)): valid only where WebAssembly
 * knows exceptions by reference, which the sealing code is compiled to.
 */
const EXNREF_MODULE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x03, 0x02, 0x01, 0x00],
  ...[0x0a, 0x0f, 0x01, 0x0d, 0x00, 0x02, 0x69, 0x1f, 0x40, 0x01, 0x03, 0x00, 0x0b, 0x00, 0x0b, 0x1a, 0x0b],
);

/** Takes milliseconds and loads nothing. */
export async function findPlatformFault(): Promise<PlatformFault | null> {
  if (!globalThis.crypto?.subtle) return 'insecure';
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(EXNREF_MODULE)) return 'no-wasm-exceptions';
  try {
    await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    await crypto.subtle.generateKey('X25519', false, ['deriveBits']);
  } catch {
    return 'no-curves';
  }
  return globalThis.indexedDB && navigator.locks ? null : 'no-database';
}
