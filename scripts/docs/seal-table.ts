interface SealResult {
  readonly sottoMs: number;
  readonly ckksMs: number;
  readonly ckksSymmetricMs: number;
  readonly browser: string;
  readonly sotto: { readonly bytes: number };
  readonly ckks: { readonly publicKey: { readonly bytes: number }; readonly symmetric: { readonly bytes: number } };
}

/** The table of docs/BENCHMARKS.md, out of what `npm run bench -- seal --json` wrote. */
export function sealTable(json: string): string {
  const { sottoMs, ckksMs, ckksSymmetricMs, browser, sotto, ckks } = JSON.parse(json) as SealResult;
  const row = (name: string, ms: number, bytes: number) =>
    `| ${name} | ${ms.toFixed(0)} ms | ${(bytes / 1e6).toFixed(1)} MB | ${(ms / sottoMs).toFixed(1)} × | ${(bytes / sotto.bytes).toFixed(1)} × |`;
  return [
    `${browser}:`,
    '',
    '| | time | bytes | time against Sotto | bytes against Sotto |',
    '| --- | ---: | ---: | ---: | ---: |',
    row('Sotto, five boxes', sottoMs, sotto.bytes),
    row('CKKS, public key', ckksMs, ckks.publicKey.bytes),
    row('CKKS, symmetric', ckksSymmetricMs, ckks.symmetric.bytes),
  ].join('\n');
}
