import type { Mail } from '@sotto/learner/text/mail';

/** Most characters of a body that are kept. */
const BODY_CHARACTERS = 1000;
const SUBJECT_CHARACTERS = 200;
/** Fewer words say too little, to people as well. */
const LEAST_WORDS = 5;

/** Everybody who opens the page may be shown any of the mails: sexual and abusive ones are left out. */
const UNFIT =
  /\b(porn\w*|xxx+|sex\w*|nude?s?|nudity|naked|horny|cum|cumshots?|cocks?|dicks?|anal|ass(hole)?s?|sluts?|whores?|bitch\w*|fuck\w*|motherfuck\w*|shit\w*|bullshit\w*|puss(y|ies)|tits?|boobs?|breasts?|blow ?jobs?|orgasm\w*|masturbat\w*|erections?|erectile|penis\w*|vagina\w*|genital\w*|incest\w*|rap(e|ed|ing|ist)|lolitas?|voyeur\w*|fetish\w*|lesbians?|hardcore|adults?|escorts?|cunts?|niggers?|faggots?|erotic\w*|aphrodisiac\w*|libido)\b/i;

/** Names of mailing lists in front of a subject, and "Re:", which lists have more of than mailboxes. */
const SUBJECT_MARKS = /^\s*(\[[^\]]{1,40}\]\s*|(re|fwd?|aw|antw)(\[\d+\])?\s*:\s*)+/i;

/** From here on, a body is another's: what mailing lists and programs append, older mails, signatures. */
const ENDINGS = [
  /^-- ?$/,
  /^_{20,}/,
  /^[- ]*(original message|forwarded message|begin pgp signature)[- ]*$/i,
  /^this sf\.net email/i,
  /^to unsubscribe,? /i,
  /^irish linux users' group/i,
  /mailman\/listinfo/i,
  /^-+ ?yahoo! groups sponsor/i,
];

/** Lines that mailers write rather than people. */
const MACHINE_LINES = [
  // Quoted from another mail.
  /^\s*([a-z]{0,3}[>|]|:\s)/i,
  /^.{0,120}\b(wrote|writes|said|schrieb|écrit)\s?:\s*$/i,
  /^[- ]*begin pgp signed message[- ]*$/i,
  /^hash: /i,
  // Feeds of news that were stored as mails.
  /^(url|date|location|img|return-path|from|to|cc|sent|subject):\s/i,
  /^\[\d+\]\s*(link|http)/i,
];

/**
 * What is learned from: the subject, a line break, and the beginning of the body in one line. Addresses, links and telephone numbers are
 * replaced by ones that belong to nobody (RFC 2606, and zeros), of the same kind: for the tokeniser all links are one word anyway.
 * @returns null when too little is left.
 */
export function textOf({ subject, body }: Mail): string | null {
  const title = shortened(anonymised(oneLine(subject.replace(SUBJECT_MARKS, ''))), SUBJECT_CHARACTERS);
  const content = shortened(anonymised(oneLine(ownWords(body))), BODY_CHARACTERS);
  const text = `${title}\n${content}`.trim();
  return wordsOf(text).length >= LEAST_WORDS && !UNFIT.test(text) ? text : null;
}

/** The words of a text in lower case, for comparing texts: letters only. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/\p{L}+/gu) ?? [];
}

function ownWords(body: string): string {
  const lines = body.replace(/\r\n?/g, '\n').split('\n');
  const end = lines.findIndex((line, i) => ENDINGS.some((ending) => ending.test(line)) && i > 0);
  return lines
    .slice(0, end < 0 ? undefined : end)
    .filter((line) => !MACHINE_LINES.some((machine) => machine.test(line)))
    .join('\n');
}

function anonymised(text: string): string {
  return (
    text
      .replace(/(https?|ftp):\/\/[^\s<>"')\]]+/gi, 'http://example.com')
      .replace(/\bmailto:/gi, '')
      // What the corpus put in the place of its owners' names.
      .replace(/\b(zzzz|yyyy)\w*/gi, '')
      .replace(/\[IMG: [^\]]*\]*/g, '')
      .replace(/([\p{L}\p{N}._%+*-]*@[\p{L}\p{N}.-]+)+/gu, 'name@example.com')
      // As people write them for people: "name (at) place", "name at place dot com".
      .replace(
        /[\p{L}\p{N}._%+-]+ ?[([<{] ?at ?[)\]>}] ?[\p{L}\p{N}.-]+( ?(dot|[([<{] ?dot ?[)\]>}]) ?[\p{L}\p{N}-]+)*/giu,
        'name@example.com',
      )
      .replace(/[\p{L}\p{N}._%+-]+ at [\p{L}\p{N}-]+( dot [\p{L}\p{N}-]+)+/giu, 'name@example.com')
      .replace(
        /(?<!http:\/\/|[@\p{L}\p{N}-])(www\.[^\s<>"')\]]+|[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*\.(com|net|org|info|biz|edu|gov|mil|ie|de|fr|nl|ca|ru|jp|tw|hk|(co|org|ac)\.\p{L}{2})\b[^\s<>"')\],;:]*)/giu,
        'http://example.com',
      )
      // Seven digits or more with what stands between those of a telephone number; amounts have commas between theirs.
      .replace(/\+?\(?\d[\d()\s./-]{5,}\d/g, (number) =>
        number.replace(/\D/g, '').length < 7 ? number : '000-000-0000',
      )
  );
}

/** In one line, without control characters, what could not be decoded, and rows of signs that only draw lines. */
function oneLine(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{C}\uFFFD]/gu, ' ')
    .replace(/([^\p{L}\p{N}\s])\1{3,}/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Cut between words. */
function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.lastIndexOf(' ', most);
  return text.slice(0, cut > most / 2 ? cut : most).trimEnd();
}
