import { createHash, randomBytes } from 'node:crypto';

/** 192 random bits, base64url: nobody finds one by trying. */
export function drawInviteCode(): string {
  return randomBytes(24).toString('base64url');
}

/** What is kept of a code. Unsalted, as there is no shorter way to a code than through all of them. */
export function inviteDigest(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}
