/** What a shell takes as it stands; anything else is quoted. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** A command to paste into a POSIX shell: each word arrives as it is, whatever is in it. */
export function shellCommand(words: readonly (string | number)[]): string {
  return words
    .map(String)
    .map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}
