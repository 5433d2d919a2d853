/** Of lines that are told apart by colour and, once all colours are used, by their strokes. */
export interface Line {
  /** Name of a colour of the page. */
  readonly tone: 'accent' | 'second' | 'muted' | 'bad' | 'warn';
  readonly dashed: readonly number[] | false;
}

const TONES: readonly Line['tone'][] = ['accent', 'second', 'muted', 'bad', 'warn'];
const DASHES: readonly Line['dashed'][] = [false, [8, 4], [2, 3], [12, 3, 2, 3]];

export function lineOf(index: number): Line {
  return {
    tone: TONES[index % TONES.length]!,
    dashed: DASHES[Math.floor(index / TONES.length) % DASHES.length]!,
  };
}
