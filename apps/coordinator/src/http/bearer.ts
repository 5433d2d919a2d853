import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether an Authorization header carries this token (RFC 6750); without a token, none does. */
export function bearerOf(token: string | null): (header: string | undefined) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = token === null ? null : digest(`Bearer ${token}`);
  return (header) => expected !== null && header !== undefined && timingSafeEqual(digest(header), expected);
}
