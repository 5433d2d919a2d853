const HEADER = /^[!-9;-~]+:/;
/** Of these, a text of somebody's own begins with one by chance, and hardly with two. */
const COMMON_HEADER =
  /^(received|return-path|delivered-to|from|to|cc|subject|date|message-id|mime-version|content-type|x-[\w-]+):/gim;
const MAILBOX_LINE = /^From .*\r?\n/;

/**
 * Whether a file is a stored mail (RFC 5322): it begins with headers, in front of which a mailbox has a line of its own. Many programs store
 * mails under names that say nothing.
 * @param named  its name says that it is one
 */
export function isMail(beginning: string, named: boolean): boolean {
  const text = beginning.replace(MAILBOX_LINE, '');
  if (!HEADER.test(text)) return false;
  const [headers = ''] = text.split(/\r?\n\r?\n/);
  return named || (headers.match(COMMON_HEADER)?.length ?? 0) >= 2;
}

/** The mails of a mailbox (mbox, RFC 4155), one after another: each begins with a line `From sender date`, a blank line before it. */
export function splitMailbox(bytes: Uint8Array): Uint8Array[] {
  // Each byte one character, so that places are the same.
  const text = new TextDecoder('latin1').decode(bytes);
  if (!MAILBOX_LINE.test(text)) return [bytes];
  const starts = [
    0,
    ...[...text.matchAll(/\n\r?\n(?=From .*\r?\n[!-9;-~]+:)/g)].map((found) => found.index + found[0].length),
  ];
  return starts.map((start, i) => bytes.subarray(start, starts[i + 1]));
}
