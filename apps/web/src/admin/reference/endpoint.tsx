import { useState } from 'react';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { shellCommand } from '../frame/shell-words.ts';
import type { Endpoint as EndpointOf, Operation } from './description.ts';
import { schemaText } from './schema-text.ts';

const ROLES: Readonly<Record<string, string>> = {
  public: 'everybody',
  collector: 'collectors of metrics',
  viewer: 'viewers and admins',
  admin: 'admins',
};

/** One operation; what it takes and answers is shown when it is opened. */
export function Endpoint({ endpoint }: { endpoint: EndpointOf }) {
  const { method, path, summary, tags } = endpoint;
  const [open, setOpen] = useState(false);
  return (
    <details
      data-testid="endpoint"
      className="border-b border-line py-2 last:border-0"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="text-sm">
        <span className="inline-flex w-[calc(100%-1.5rem)] flex-wrap items-baseline gap-x-3 gap-y-0.5 align-top">
          <code className="font-mono text-xs [overflow-wrap:anywhere]">
            <span className="inline-block w-14 font-semibold text-accent">{method}</span>
            {path}
          </code>
          <span className="min-w-0 text-muted">{summary}</span>
        </span>
      </summary>
      {open && (
        <div className="mt-3 space-y-4 pb-2 pl-4 text-sm">
          <p className="text-muted">For {ROLES[tags[0]] ?? tags[0]}.</p>
          <Inside endpoint={endpoint} />
        </div>
      )}
    </details>
  );
}

function Inside({ endpoint: { method, path, tags, parameters, requestBody, responses } }: { endpoint: EndpointOf }) {
  const queries = parameters.filter((parameter) => parameter.in === 'query');
  const answers = Object.entries(responses).filter(([status]) => status !== 'default');
  return (
    <>
      {queries.length > 0 && <Block name="Query">{queryText(queries)}</Block>}
      {requestBody && <Block name="Body">{contentText(requestBody.content)}</Block>}
      {answers.map(([status, { content, description }]) => (
        <Block key={status} name={`Answer ${status}`}>
          {content ? contentText(content) : description}
        </Block>
      ))}
      <Block name="With curl" copy={curl(method, path, tags[0], requestBody !== undefined)}>
        {curl(method, path, tags[0], requestBody !== undefined)}
      </Block>
    </>
  );
}

function Block({ name, copy, children }: { name: string; copy?: string; children: string }) {
  return (
    <div>
      <div className="flex items-center justify-between gap-3">
        <h4 className="font-medium">{name}</h4>
        {copy !== undefined && <CopyButton look="quiet" text={copy} label="Copy" />}
      </div>
      <ScrollRegion label={name} className="mt-1 max-h-96 rounded-lg bg-sunken px-3 py-2">
        <pre
          className={`font-mono text-xs ${copy === undefined ? '' : 'whitespace-pre-wrap [overflow-wrap:anywhere]'}`}
        >
          {children}
        </pre>
      </ScrollRegion>
    </div>
  );
}

function queryText(parameters: Operation['parameters']): string {
  return parameters
    .map(({ name, required, schema }) => `${name}${required ? '' : '?'}: ${schemaText(schema)}`)
    .join('\n');
}

function contentText(
  content: Readonly<Record<string, { readonly schema: Readonly<Record<string, unknown>> }>>,
): string {
  return Object.entries(content)
    .map(([type, { schema }]) => (type === 'application/json' ? schemaText(schema) : type))
    .join('\n');
}

/** As it is to be pasted, once names in braces are filled in. */
function curl(method: string, path: string, role: string, hasBody: boolean): string {
  return shellCommand([
    'curl',
    ...(method === 'GET' ? [] : ['-X', method]),
    ...(role === 'public' ? [] : ['-b', 'sotto-cookies']),
    ...(role === 'public' || method === 'GET' ? [] : ['-H', 'sec-fetch-site: same-origin']),
    ...(hasBody ? ['-H', 'content-type: application/json', '-d', '@body.json'] : []),
    `${location.origin}${path}`,
  ]);
}
