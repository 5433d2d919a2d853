/** What a person sees of a mail. */
export interface Mail {
  readonly subject: string;
  readonly body: string;
}

/**
 * A mail as it was stored: MIME parts, transfer encodings and character sets are decoded, HTML becomes text. Every header but the subject
 * is dropped: who sent it, and by which mailing list, would tell the answer.
 */
export async function readMail(raw: Uint8Array): Promise<Mail> {
  // Few people bring mails: whoever does fetches what reads them then.
  const [{ default: PostalMime }, { convert }] = await Promise.all([import('postal-mime'), import('html-to-text')]);
  const { subject = '', text = '', html = '' } = await PostalMime.parse(withoutMailboxLine(raw));
  // Some senders of HTML call it plain text, or send an empty plain part beside it.
  const source = text.trim() === '' ? html : text;
  return {
    subject,
    body: /<(html|body|table|font|p|br|a)\b[^>]*>/i.test(source) ? textOfHtml(source, convert) : source,
  };
}

/** The line `From sender date` in front of the headers belongs to the mailbox file. */
function withoutMailboxLine(raw: Uint8Array): Uint8Array {
  const from = [0x46, 0x72, 0x6f, 0x6d, 0x20];
  return from.every((byte, i) => raw[i] === byte) ? raw.subarray(raw.indexOf(0x0a) + 1) : raw;
}

function textOfHtml(html: string, convert: typeof import('html-to-text')['convert']): string {
  return convert(html, {
    wordwrap: false,
    limits: { maxInputLength: 1 << 20 },
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    ],
  });
}
