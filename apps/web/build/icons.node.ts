// `node build/icons.node.ts`: draws the icons of the installed page from the mark, with a browser. The pictures are committed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MARK = readFileSync(join(import.meta.dirname, '../src/mark.svg'), 'utf8');
const ICONS = join(import.meta.dirname, '../public/icons');
/** Systems cut maskable icons to their own shape, and leave at least the circle of four fifths: the mark's corners fall outside it. */
const SAFE = 0.8;

const CHROMIUM = process.env.SOTTO_CHROMIUM ?? '/usr/bin/chromium';

draw('192.png', 192, 1);
draw('512.png', 512, 1);
draw('maskable-512.png', 512, SAFE, '#0d6f6b');

function draw(name: string, size: number, share: number, ground = 'transparent'): void {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-icons-'));
  const page = join(folder, 'icon.html');
  const style = `body{margin:0;width:${size}px;height:${size}px;display:grid;place-items:center;background:${ground}}svg{width:${size * share}px}`;
  writeFileSync(page, `<!doctype html><style>${style}</style>${MARK}`);
  try {
    execFileSync(CHROMIUM, [
      '--headless',
      '--no-sandbox',
      '--hide-scrollbars',
      '--default-background-color=00000000',
      `--window-size=${size},${size}`,
      `--user-data-dir=${folder}/profile`,
      `--screenshot=${join(ICONS, name)}`,
      `file://${page}`,
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
