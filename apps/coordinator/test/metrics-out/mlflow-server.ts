import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Metric {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
}

interface KeptRun {
  readonly id: string;
  readonly name: string;
  readonly experiment: string;
  readonly tags: Map<string, string>;
  readonly params: Map<string, string>;
  /** By what makes MLflow take two for the same. */
  readonly metrics: Map<string, Metric>;
  status: string;
  end: number | null;
}

/** As much of MLflow's tracking server as Sotto speaks to, in memory, with its limits. */
export async function startMlflow() {
  const experiments = new Map<string, string>();
  const runs: KeptRun[] = [];
  const calls: string[] = [];
  /** Answers so many calls with this status before anything else. */
  const trouble = { status: 503, left: 0, authorization: null as string | null };

  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });

  async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const text = (await request.setEncoding('utf8').toArray()).join('');
    const url = new URL(request.url!, 'http://x');
    const call = url.pathname.replace('/api/2.0/mlflow/', '');
    calls.push(call);
    const refuse = (status: number, error_code: string, message: string) => ({ status, body: { error_code, message } });
    if (trouble.left > 0) {
      trouble.left -= 1;
      return { status: trouble.status, body: 'busy' };
    }
    if (trouble.authorization !== (request.headers.authorization ?? null)) return { status: 401, body: 'who are you?' };
    const given = (text === '' ? {} : JSON.parse(text)) as Record<string, never>;
    const ok = (body: unknown) => ({ status: 200, body });
    const view = ({ id, name, tags }: KeptRun) => ({
      info: { run_id: id, run_name: name },
      data: tags.size === 0 ? {} : { tags: [...tags].map(([key, value]) => ({ key, value })) },
    });
    if (call === 'experiments/get-by-name') {
      const id = experiments.get(url.searchParams.get('experiment_name')!);
      if (id === undefined) return refuse(404, 'RESOURCE_DOES_NOT_EXIST', 'no such experiment');
      return ok({ experiment: { experiment_id: id, lifecycle_stage: 'active' } });
    }
    if (call === 'experiments/create') {
      experiments.set(given.name!, String(experiments.size + 1));
      return ok({ experiment_id: String(experiments.size) });
    }
    if (call === 'runs/search') {
      const [, key = '', value = ''] = /^tags\.`(.+)` = '(.+)'$/.exec(given.filter!) ?? [];
      const found = runs.filter(
        ({ experiment, tags }) =>
          (given.experiment_ids as unknown as string[]).includes(experiment) && tags.get(key) === value,
      );
      return ok(found.length > 0 ? { runs: found.map(view) } : {});
    }
    if (call === 'runs/create') {
      const { experiment_id: experiment, run_name: name, tags } = given as unknown as Record<string, string>;
      const pairs = (tags as unknown as { key: string; value: string }[]).map((tag) => [tag.key, tag.value] as const);
      const made = { params: new Map(), metrics: new Map(), status: 'RUNNING', end: null };
      runs.push({ id: `r${runs.length}`, name: name!, experiment: experiment!, tags: new Map(pairs), ...made });
      return ok({ run: view(runs.at(-1)!) });
    }
    const run = runs.find(({ id }) => id === given.run_id);
    if (!run) return refuse(404, 'RESOURCE_DOES_NOT_EXIST', 'no such run');
    if (call === 'runs/update') {
      run.status = given.status!;
      run.end = given.end_time ?? null;
      return ok({ run_info: { run_id: run.id } });
    }
    if (call !== 'runs/log-batch') return refuse(404, 'ENDPOINT_NOT_FOUND', call);
    const {
      metrics = [],
      params = [],
      tags = [],
    } = given as unknown as {
      metrics?: Metric[];
      params?: { key: string; value: string }[];
      tags?: { key: string; value: string }[];
    };
    if (metrics.length > 1000 || params.length > 100 || tags.length > 100)
      return refuse(400, 'INVALID_PARAMETER_VALUE', 'too many in one batch');
    for (const { key, value } of params) {
      if (run.params.has(key) && run.params.get(key) !== value)
        return refuse(400, 'INVALID_PARAMETER_VALUE', `${key} was logged with another value`);
      run.params.set(key, value);
    }
    for (const metric of metrics) run.metrics.set(JSON.stringify(metric), metric);
    for (const { key, value } of tags) run.tags.set(key, value);
    return ok({});
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    experiments,
    runs,
    calls,
    trouble,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
