import { openIndexedDbVault } from '@sotto/participant/vault/indexed-db';
import { CASES, type Suite } from './cases.ts';

declare global {
  /** Called by the test through the browser; resolves to what went wrong, or null. */
  var tryCase: (suite: Suite, at: number) => Promise<string | null>;
}

globalThis.tryCase = (suite, at) =>
  CASES[suite]
    [at]!.run((name?: string) => openIndexedDbVault(`${suite}-${at}-${name}`))
    .then(
      () => null,
      (problem: unknown) => String(problem),
    );
