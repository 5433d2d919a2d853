import { LEAST_PASSPHRASE } from '@sotto/protocol/study-backup';

/** Letters and digits that nobody takes for one another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 5;
const GROUP = 4;

/** 20 of 31 characters: 99 bits, in groups to be written down. */
export function drawPassphrase(): string {
  const characters: string[] = [];
  while (characters.length < GROUPS * GROUP) {
    // Of 256 values the first 248 fall evenly on 31.
    const [value = 255] = crypto.getRandomValues(new Uint8Array(1));
    if (value < 248) characters.push(ALPHABET[value % ALPHABET.length]!);
  }
  return characters.join('').replace(/(.{4})(?=.)/g, '$1-');
}

export function faultOf(passphrase: string, again: string): { passphrase?: string; again?: string } {
  if (passphrase.length < LEAST_PASSPHRASE)
    return { passphrase: `Too short: ${LEAST_PASSPHRASE} characters or more. Whoever finds the file may try many.` };
  return passphrase === again ? {} : { again: 'Not the same as above.' };
}
