import { useEffect, useRef } from 'react';
import type uPlot from 'uplot';
// With the page: a style that could not be fetched later, while a server restarts, is never asked for again.
import 'uplot/dist/uPlot.min.css';

export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** `share`: 0 to 1, in per cent at the left; `amount`: free, at the right. */
  readonly scale: 'share' | 'amount';
  /** Default: one for each scale. Lines of one colour differ by their strokes. */
  readonly tone?: keyof typeof BORDER;
  /** Lengths of strokes and gaps where the usual ones are taken already. */
  readonly dashed?: boolean | readonly number[];
}

interface PlotProps {
  /** What the picture shows, for those who do not see it: include the latest values. */
  label: string;
  xName: string;
  x: readonly number[];
  series: readonly Series[];
  /** x counts rounds, up to so many. */
  rounds?: number;
  height?: number;
}

const TONE = { share: 'accent', amount: 'second' } as const;
const BORDER = {
  accent: 'border-accent',
  second: 'border-second',
  muted: 'border-muted',
  warn: 'border-warn',
  bad: 'border-bad',
} as const;
const DASH = [6, 4];

const toneOf = ({ tone, scale }: Pick<Series, 'tone' | 'scale'>) => tone ?? TONE[scale];

const RETRY_MS = 3000;

/** Lines over a common x. uPlot is loaded with the first of them. */
export function Plot({ label, xName, x, series, rounds = 0, height = 180 }: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const data = [[...x], ...series.map(({ values }) => [...values])] as uPlot.AlignedData;
  const latest = useRef(data);
  latest.current = data;
  const shape = JSON.stringify({ rounds, height, series: series.map(({ values, ...style }) => style) });

  useEffect(() => {
    const element = host.current!;
    let closed = false;
    let resize: ResizeObserver | undefined;
    const draw = async () => {
      const { default: UPlot } = await import('uplot');
      if (closed) return;
      chart.current?.destroy();
      chart.current = new UPlot(plotOptions(element, JSON.parse(shape)), latest.current, element);
      resize ??= new ResizeObserver(() => chart.current?.setSize({ width: element.clientWidth, height }));
      resize.observe(element);
    };
    let again: ReturnType<typeof setTimeout> | undefined;
    // The server may be restarting just when the first picture is wanted; the text beside it says the same meanwhile.
    const redraw = () => {
      draw().catch(() => {
        if (!closed) again = setTimeout(redraw, RETRY_MS);
      });
    };
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    redraw();
    window.addEventListener('themechange', redraw);
    scheme.addEventListener('change', redraw);
    return () => {
      closed = true;
      clearTimeout(again);
      resize?.disconnect();
      window.removeEventListener('themechange', redraw);
      scheme.removeEventListener('change', redraw);
      chart.current?.destroy();
      chart.current = null;
    };
  }, [shape, height]);

  useEffect(() => {
    chart.current?.setData(data);
  });

  return (
    <figure>
      <div ref={host} role="img" aria-label={label} style={{ height }} className="w-full" />
      <figcaption aria-hidden="true" className="mt-2 flex flex-wrap gap-x-5 text-xs text-muted">
        {series.map((line) => (
          <span key={line.name} className="inline-flex items-center gap-1.5">
            <span className={`w-4 border-t-2 ${line.dashed ? 'border-dashed' : ''} ${BORDER[toneOf(line)]}`} />
            {line.name}
          </span>
        ))}
        <span className="ml-auto">{xName}</span>
      </figcaption>
    </figure>
  );
}

interface Shape {
  readonly rounds: number;
  readonly height: number;
  readonly series: readonly Omit<Series, 'values'>[];
}

function plotOptions(host: HTMLElement, { rounds, height, series }: Shape): uPlot.Options {
  const colour = (token: string) => resolveColour(host, token);
  const axis: uPlot.Axis = {
    stroke: colour('muted'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  const hasAmount = series.some(({ scale }) => scale === 'amount');
  return {
    width: host.clientWidth,
    height,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, ...(rounds > 0 && { range: [0, rounds] }) },
      share: { range: [0, 1] },
      amount: { range: (_, __, high) => [0, (high || 1) * 1.08] },
    },
    axes: [
      { ...axis, size: 28, ...(rounds > 0 && { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] }) },
      { ...axis, scale: 'share', size: 44, values: (_, ticks) => ticks.map((tick) => `${Math.round(tick * 100)} %`) },
      ...(hasAmount ? [{ ...axis, scale: 'amount', side: 1 as const, size: 40, grid: { show: false } }] : []),
    ],
    series: [
      {},
      ...series.map((line) => ({
        label: line.name,
        scale: line.scale,
        stroke: colour(toneOf(line)),
        width: 2,
        spanGaps: true,
        ...(line.dashed && { dash: line.dashed === true ? DASH : [...line.dashed] }),
        points: { show: rounds > 0, size: 6, fill: colour(toneOf(line)) },
      })),
    ],
  };
}

/** Canvas does not know `light-dark()`: let the browser work the colour out. */
function resolveColour(host: HTMLElement, token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(--${token})`;
  host.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
