interface Parameter {
  readonly name: string;
  readonly in: string;
}

interface Body {
  readonly content?: Readonly<
    Record<
      string,
      { readonly schema: { readonly $ref?: string; readonly properties?: Readonly<Record<string, unknown>> } }
    >
  >;
}

interface Operation {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Body>>;
}

export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** The table of docs/API.md, out of what /api/openapi.json says. */
export function apiTable({ paths }: Description): string {
  const rows = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { summary, tags, parameters, requestBody, responses }]) => {
      const query = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
      const brings = [query.length > 0 && `?${query.join('&')}`, requestBody && fieldsOf(requestBody)];
      const [status, answer] = Object.entries(responses)[0]!;
      return [
        `\`${method.toUpperCase()} ${path}\``,
        tags.join(),
        summary,
        brings.filter(Boolean).join(' ') || '–',
        status === '200' ? fieldsOf(answer) : `${status}: ${fieldsOf(answer)}`,
      ];
    }),
  );
  const head = ['route', 'who', 'what', 'brings', 'answers'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The schema's name, or else the names of its fields, or else what kind of thing it is. */
function fieldsOf({ content = {} }: Body): string {
  const [kind, { schema } = { schema: {} }] = Object.entries(content)[0] ?? [];
  if (kind === undefined) return 'go on there';
  if (schema.$ref) return schema.$ref.replace(/.*\//, '');
  const fields = Object.keys(schema.properties ?? {});
  return fields.length > 0 ? fields.join(', ') : kind;
}
