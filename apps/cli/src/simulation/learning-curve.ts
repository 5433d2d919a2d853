import { bestOf } from '@sotto/fl-core/gate';

/** One point of a run: the model of this round on held-out examples; round 0 is the model nobody contributed to. */
export interface CurvePoint {
  readonly round: number;
  readonly testAccuracy: number;
  readonly testLoss: number;
}

interface Panel {
  readonly title: string;
  readonly top: number;
  readonly colour: string;
  readonly value: (point: CurvePoint) => number;
  readonly range: readonly [number, number];
  readonly format: (value: number) => string;
}

const WIDTH = 760;
const HEIGHT = 594;
const LEFT = 64;
const RIGHT = 24;
const PANEL = 190;
const TOPS = [98, 344] as const;
const INK = '#1f2937';
const QUIET = '#6b7280';
const GRID = '#e5e7eb';

/**
 * Accuracy and loss over the rounds of a run, as an SVG file on white paper that needs no fonts or styles from elsewhere.
 * @param points  the model before, then those of the published rounds in their order: rounds that were abandoned have none
 * @param title  one line; @param subtitle  what the run was, in short
 */
export function drawLearningCurve(points: readonly CurvePoint[], title: string, subtitle: string): string {
  const accuracies = points.map(({ testAccuracy }) => testAccuracy);
  const losses = points.map(({ testLoss }) => testLoss);
  const [first, ...published] = points.map((point) => ({
    ...point,
    accuracy: point.testAccuracy,
    loss: point.testLoss,
  }));
  const best = bestOf(first!, published);
  const lastRound = Math.max(1, points.at(-1)!.round);
  const x = (round: number) => LEFT + (round / lastRound) * (WIDTH - LEFT - RIGHT);
  const panels: Panel[] = [
    {
      title: 'Accuracy on held-out examples',
      top: TOPS[0],
      colour: '#1d4ed8',
      value: ({ testAccuracy }) => testAccuracy,
      range: [Math.min(...accuracies), Math.max(...accuracies)],
      format: (value) => `${trim(100 * value)} %`,
    },
    {
      title: 'Loss (cross entropy, nats)',
      top: TOPS[1],
      colour: '#b45309',
      value: ({ testLoss }) => testLoss,
      range: [Math.min(0, ...losses), Math.max(...losses)],
      format: trim,
    },
  ];
  const last = points.at(-1)!;
  const summary = `From ${percent(first!.testAccuracy)} to ${percent(last.testAccuracy)} in ${published.length} published ${published.length === 1 ? 'round' : 'rounds'}; best ${percent(best.testAccuracy)} in round ${best.round}.`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title summary" font-family="system-ui, sans-serif" font-size="13" fill="${INK}">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="summary">${summary}</desc>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="26" font-size="17" font-weight="600">${escapeXml(title)}</text>`,
    `<text x="${LEFT}" y="46" fill="${QUIET}">${escapeXml(subtitle)}</text>`,
    ...panels.flatMap((panel) => drawPanel(panel, points, x, lastRound)),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 12}" text-anchor="middle">Round</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function drawPanel(
  { title, top, colour, value, range: [least, most], format }: Panel,
  points: readonly CurvePoint[],
  x: (round: number) => number,
  lastRound: number,
): string[] {
  const bottom = top + PANEL;
  const ticks = ticksOver(least, most, 5);
  const [low, high] = [ticks[0]!, ticks.at(-1)!];
  const y = (at: number) => bottom - ((at - low) / (high - low)) * PANEL;
  const line = points.map((point) => `${round2(x(point.round))},${round2(y(value(point)))}`).join(' ');
  const end = points.at(-1)!;
  return [
    `<text x="${LEFT}" y="${top - 10}" font-weight="600">${title}</text>`,
    ...ticks.flatMap((tick) => [
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round2(y(tick))}" y2="${round2(y(tick))}" stroke="${GRID}"/>`,
      `<text x="${LEFT - 8}" y="${round2(y(tick) + 4)}" text-anchor="end" fill="${QUIET}">${format(tick)}</text>`,
    ]),
    ...ticksOver(0, lastRound, 10)
      .filter((tick) => Number.isInteger(tick) && tick <= lastRound)
      .map(
        (tick) => `<text x="${round2(x(tick))}" y="${bottom + 18}" text-anchor="middle" fill="${QUIET}">${tick}</text>`,
      ),
    `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${bottom}" y2="${bottom}" stroke="${QUIET}"/>`,
    `<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"/>`,
    `<circle cx="${round2(x(end.round))}" cy="${round2(y(value(end)))}" r="3.5" fill="${colour}"/>`,
  ];
}

/** Round numbers (1, 2 or 5 times a power of ten) from at or below `least` to at or above `most`, about `wanted` of them. */
function ticksOver(least: number, most: number, wanted: number): number[] {
  const span = most > least ? most - least : Math.abs(most) || 1;
  const rough = span / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough * 0.999)!;
  const first = Math.floor(least / step + 1e-9);
  const end = Math.max(first + 1, Math.ceil(most / step - 1e-9));
  return Array.from({ length: end - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function trim(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function round2(value: number): number {
  return Math.round(100 * value) / 100;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
