import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '@sotto/protocol/bytes';
import { type Signer, signerOf } from '@sotto/protocol/signature';
import { writeDurably } from './blobs/files.ts';
import { messageOf } from './error-message.ts';
import type { Failpoint } from './failpoints.ts';
import { StartError } from './start-error.ts';

/**
 * The coordinator's Ed25519 key: made at the first start, kept in the data folder as PKCS8, readable by its owner only. Devices pin it
 * and keep their records under it, so another key is another coordinator.
 * @param known the public key (hex) this data folder was made with, if it was made before
 * @throws StartError when the file holds no such key or is gone though the key is known: a new one would not replace it.
 */
export async function openIdentity(dataDir: string, known?: string, failpoint?: Failpoint): Promise<Signer> {
  const path = join(dataDir, 'coordinator.key');
  if (!existsSync(path)) {
    if (known !== undefined)
      throw new StartError(
        `${path} is missing, and devices know this coordinator by it. Restore it from a backup, or choose another SOTTO_DATA_DIR.`,
      );
    const { privateKey } = generateKeyPairSync('ed25519');
    await writeDurably(path, privateKey.export({ format: 'der', type: 'pkcs8' }), {
      mode: 0o600,
      failpoint: (step) => failpoint?.(`identity:${step}`),
    });
  }
  try {
    chmodSync(path, 0o600);
    const der = readFileSync(path);
    const jwk = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).export({ format: 'jwk' });
    if (jwk.crv !== 'Ed25519' || jwk.x === undefined) throw new Error('it holds another kind of key');
    const key = await crypto.subtle.importKey('pkcs8', new Uint8Array(der), 'Ed25519', false, ['sign']);
    return signerOf(key, toHex(Buffer.from(jwk.x, 'base64url')));
  } catch (cause) {
    throw new StartError(
      `${path} is not the coordinator's key (${messageOf(cause)}). Restore it from a backup, or choose another SOTTO_DATA_DIR.`,
      { cause },
    );
  }
}
