import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { FailedRequest } from '../../api/failed-request.tsx';
import { Card } from '../../ui/card.tsx';
import { TextField } from '../../ui/field.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { CommandLine } from '../frame/command-line.tsx';
import { Empty } from '../frame/empty.tsx';
import { PageHead } from '../frame/page-head.tsx';
import { type Description, descriptionQuery, endpointsOf } from './description.ts';
import { Endpoint } from './endpoint.tsx';
import { schemaText } from './schema-text.ts';

/** `/admin/api`: the same from a shell, and over HTTP. */
export function ReferencePage() {
  const query = useQuery(descriptionQuery);
  const [search, setSearch] = useState('');
  const shown = useDeferredValue(search);
  return (
    <>
      <PageHead title="Commands and API">
        Whatever these pages show or do, a command does from a shell, and a program over HTTP.
      </PageHead>
      <FromShell />
      {query.error && <FailedRequest error={query.error} query={query} />}
      {query.data && (
        <>
          <Card
            title="Over HTTP"
            aside={
              <a
                className="text-accent underline underline-offset-4"
                href="/api/openapi.json"
                download="sotto-openapi.json"
              >
                OpenAPI 3.1
              </a>
            }
          >
            <p className="mb-4 text-sm text-muted">
              JSON goes in and out. Whoever is signed in is known by a cookie: sign in once, and keep it in a file that
              only you can read.
            </p>
            <pre className="mb-5 overflow-auto rounded-lg bg-sunken px-3 py-2 font-mono text-xs whitespace-pre-wrap">
              {`curl -c sotto-cookies -H 'content-type: application/json' -d '{"token":"ONE-TIME TOKEN"}' ${location.origin}/api/admin/session`}
            </pre>
            <TextField
              label="Search"
              hint="Words of the address, of what it does, or who may call it: viewer, admin."
              type="search"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          </Card>
          <Endpoints description={query.data} search={shown} />
          <Schemas schemas={query.data.components.schemas} />
        </>
      )}
    </>
  );
}

function FromShell() {
  return (
    <Card title="From a shell">
      <p className="mb-4 text-sm text-muted">
        Log in once; then every command asks this coordinator. Commands stand below what they do, for copying; “sotto
        --help” names them all. In a checkout of Sotto it is “npm run sotto -- …”.
      </p>
      <div className="space-y-2">
        <CommandLine words={['login', '--url', location.origin]} label="Log in" />
        <CommandLine words={['task', 'list']} label="All tasks" />
        <CommandLine words={['logout']} label="Log out" />
      </div>
    </Card>
  );
}

function Endpoints({ description, search }: { description: Description; search: string }) {
  const areas = endpointsOf(description, search);
  if (areas.length === 0)
    return <Empty title="Nothing fits">No address has all of these words. Search for fewer of them.</Empty>;
  return (
    <Card title="Addresses" testId="endpoints">
      {areas.map(([area, endpoints]) => (
        <section key={area} aria-label={area} className="mt-5 first-of-type:mt-0">
          <h3 className="text-sm font-semibold text-muted">{area}</h3>
          {endpoints.map((endpoint) => (
            <Endpoint key={`${endpoint.method} ${endpoint.path}`} endpoint={endpoint} />
          ))}
        </section>
      ))}
    </Card>
  );
}

function Schemas({ schemas }: { schemas: Description['components']['schemas'] }) {
  return (
    <Card title="Named types">
      {Object.entries(schemas).map(([name, schema]) => (
        <details key={name} className="border-b border-line py-2 text-sm last:border-0">
          <summary>
            <code className="font-mono text-xs font-semibold">{name}</code>
          </summary>
          <ScrollRegion label={name} className="mt-2 max-h-96 rounded-lg bg-sunken px-3 py-2">
            <pre className="font-mono text-xs">{schemaText(schema)}</pre>
          </ScrollRegion>
        </details>
      ))}
    </Card>
  );
}
