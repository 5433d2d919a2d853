/** The little Markdown that data cards are written in: headings, paragraphs, lists, tables. Whatever else there is stays as it was typed. */
export type Block =
  | { readonly kind: 'heading' | 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** Rows without the rule below the head; an empty head is left out. */
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[] };

export function blocksOf(markdown: string): Block[] {
  return (
    markdown
      .replace(/\r\n/g, '\n')
      // A heading needs no empty line around it.
      .replace(/^(#{1,6} .*)$/gm, '\n$1\n')
      .split(/\n{2,}/)
      .map((text) => text.trim())
      .filter(Boolean)
      .map(blockOf)
  );
}

function blockOf(text: string): Block {
  const lines = text.split('\n').map((line) => line.trim());
  const heading = /^#{1,6} (.*)$/.exec(text);
  if (heading) return { kind: 'heading', text: heading[1]! };
  if (lines.every((line) => line.startsWith('|'))) {
    const rows = lines.map((line) =>
      line
        .replace(/^\||\|$/g, '')
        .split('|')
        .map((cell) => cell.trim()),
    );
    const isRule = (row: readonly string[]) => row.every((cell) => /^:?-+:?$/.test(cell));
    return { kind: 'table', rows: rows.filter((row) => !isRule(row) && row.some((cell) => cell !== '')) };
  }
  if (/^[-*] /.test(lines[0]!))
    return { kind: 'list', items: text.split(/\n(?=[-*] )/).map((item) => oneLine(item.slice(2))) };
  return { kind: 'paragraph', text: oneLine(text) };
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
