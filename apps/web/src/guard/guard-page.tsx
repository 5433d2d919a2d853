import type { ReactNode } from 'react';
import { Card } from '../ui/card.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import type { PlatformFault } from './platform.ts';

const BROWSERS = (
  <ul className="list-disc space-y-1 pl-5">
    <li>Chrome, Edge or another Chromium browser, version 137 or newer</li>
    <li>Firefox, version 131 or newer</li>
    <li>Safari, version 18.4 or newer</li>
  </ul>
);

const TOO_OLD = (
  <>
    <p>Update this browser, or open the same link in one of these:</p>
    {BROWSERS}
  </>
);

const EXPLANATIONS: Record<PlatformFault, { title: string; why: string; what: () => ReactNode }> = {
  insecure: {
    title: 'This address is not secure enough to take part',
    why: 'Browsers only hand out the tools for encryption on https addresses and on the computer itself. Without them nothing could be sealed here, so nothing is started.',
    what: () => (
      <>
        <p>
          Open the page by <strong>https</strong>. On the computer that runs the study,{' '}
          <a
            className="underline"
            href={`http://localhost:${location.port}${location.pathname}${location.search}${location.hash}`}
          >
            http://localhost:{location.port}
            {location.pathname}
          </a>{' '}
          works too.
        </p>
        <p>
          If you run the study: give the coordinator a certificate with <Code>SOTTO_TLS_CERT</Code> and{' '}
          <Code>SOTTO_TLS_KEY</Code>, or put it behind a proxy that speaks https; and set <Code>SOTTO_PUBLIC_URL</Code>{' '}
          to the https address, so that links and QR codes carry it.
        </p>
      </>
    ),
  },
  'no-wasm-exceptions': {
    title: 'This browser is too old to take part',
    why: 'The part that encrypts is WebAssembly with exception references, which this browser does not know yet.',
    what: () => TOO_OLD,
  },
  'no-curves': {
    title: 'This browser is too old to take part',
    why: 'This browser’s encryption lacks Ed25519 and X25519, with which a device signs and seals its updates.',
    what: () => TOO_OLD,
  },
  'no-database': {
    title: 'This browser does not let the page keep its keys',
    why: 'A device must remember what it already sent, so that it never answers twice. This browser offers no database or locks to this page.',
    what: () => (
      <>
        <p>Leave private browsing or allow this site to store data; or open the link in one of these:</p>
        {BROWSERS}
      </>
    ),
  },
};

function Code({ children }: { children: ReactNode }) {
  return <code className="rounded bg-sunken px-1 py-0.5 font-mono text-[0.9em]">{children}</code>;
}

export function GuardPage({ fault }: { fault: PlatformFault }) {
  const { title, why, what } = EXPLANATIONS[fault];
  return (
    <main data-testid="guard" data-fault={fault} className="mx-auto max-w-2xl px-5 py-12">
      <PageTitle>{title}</PageTitle>
      <p className="mt-3 text-muted">{why}</p>
      <Card title="What to do" className="mt-8">
        <div className="space-y-3">{what()}</div>
      </Card>
      <p className="mt-6 text-sm text-muted">Nothing was trained or sent.</p>
    </main>
  );
}
