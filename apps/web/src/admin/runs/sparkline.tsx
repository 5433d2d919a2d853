const WIDTH = 96;
const HEIGHT = 24;

/** Shares from 0 to 1 as a small line: for eyes only, as the numbers stand beside it. */
export function Sparkline({ values }: { values: readonly number[] }) {
  const step = values.length > 1 ? WIDTH / (values.length - 1) : 0;
  const points = values.map((value, i) => `${(i * step).toFixed(1)},${(1 + (HEIGHT - 2) * (1 - value)).toFixed(1)}`);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true" className="text-accent">
      <polyline points={points.join(' ')} fill="none" stroke="currentColor" strokeWidth="1.5" />
      {values.length === 1 && <circle cx="2" cy={points[0]?.split(',')[1]} r="2" fill="currentColor" />}
    </svg>
  );
}
