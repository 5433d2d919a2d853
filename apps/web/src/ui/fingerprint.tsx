/** A key or digest, short enough to compare by eye; the whole of it is the tooltip and what is copied. */
export function Fingerprint({ of: hex, groups = 4 }: { of: string; groups?: number }) {
  const short = hex.slice(0, groups * 4).replace(/(.{4})(?=.)/g, '$1 ');
  return (
    <code title={hex} className="whitespace-nowrap font-mono text-[0.88em]">
      {short}
    </code>
  );
}
