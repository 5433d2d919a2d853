import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** One sign-in at the provider, from the way there to the way back. */
export interface Flow {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Unix milliseconds. */
  readonly until: number;
}

/** Flows as their own browsers keep them: nothing is held here that strangers could fill, or push somebody else's out of. */
export interface Flows {
  seal(flow: Flow): string;
  /** Undefined for what was not sealed here since the start. */
  open(sealed: string): Flow | undefined;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM under a key of this process alone, iv ‖ tag ‖ ciphertext in base64url. A sign-in does not outlive a restart. */
export function createFlows(): Flows {
  const key = randomBytes(32);
  return {
    seal(flow) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const ciphertext = Buffer.concat([cipher.update(JSON.stringify(flow)), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), ciphertext]).toString('base64url');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length <= IV_BYTES + TAG_BYTES) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const plain = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES));
      try {
        return JSON.parse(Buffer.concat([plain, decipher.final()]).toString()) as Flow;
      } catch {
        return undefined;
      }
    },
  };
}
