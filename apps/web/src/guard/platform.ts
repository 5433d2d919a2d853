import { canLoadSeal } from '@sotto/he-core/engine-support';

/** Why this browser, on this address, cannot take part. */
export type PlatformFault = 'insecure' | 'no-wasm-exceptions' | 'no-curves' | 'no-database';

/** Takes milliseconds and loads nothing. */
export async function findPlatformFault(): Promise<PlatformFault | null> {
  if (!globalThis.crypto?.subtle) return 'insecure';
  if (!canLoadSeal()) return 'no-wasm-exceptions';
  try {
    await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    await crypto.subtle.generateKey('X25519', false, ['deriveBits']);
  } catch {
    return 'no-curves';
  }
  try {
    // Where storing is forbidden to the page, both are there, and refuse.
    await indexedDB.databases();
    await navigator.locks.request('sotto/guard', () => {});
    return null;
  } catch {
    return 'no-database';
  }
}
