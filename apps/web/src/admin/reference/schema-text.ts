type Json = Readonly<Record<string, unknown>>;

/** A line is no wider than this, characters; a longer type is written over several. */
const WIDTH = 72;

/** A JSON Schema as people write types: `{ task: string, rounds?: integer 1…100000 }`. What has a name elsewhere is named. */
export function schemaText(schema: Json, indent = ''): string {
  const { $ref, enum: values, const: value, anyOf, oneOf, allOf, type } = schema;
  if (typeof $ref === 'string') return $ref.split('/').at(-1)!;
  if (Array.isArray(values)) return values.map((each) => JSON.stringify(each)).join(' | ');
  if (value !== undefined) return JSON.stringify(value);
  const choices = anyOf ?? oneOf;
  if (Array.isArray(choices)) return choices.map((each: Json) => schemaText(each, indent)).join(' | ');
  if (Array.isArray(allOf)) return allOf.map((each: Json) => schemaText(each, indent)).join(' & ');
  if (Array.isArray(type)) return type.map((each) => schemaText({ ...schema, type: each }, indent)).join(' | ');
  if (type === 'array') return arrayText(schema, indent);
  if (type === 'object' || schema.properties) return objectText(schema, indent);
  if (type === 'integer' || type === 'number') return `${type}${rangeText(schema)}`;
  if (type === 'string') return `string${stringNote(schema)}`;
  return typeof type === 'string' ? type : 'anything';
}

function arrayText({ items, prefixItems }: Json, indent: string): string {
  if (Array.isArray(prefixItems)) return `[${prefixItems.map((each: Json) => schemaText(each, indent)).join(', ')}]`;
  const inner = schemaText((items ?? {}) as Json, indent);
  return / [|&] /.test(inner) && !inner.startsWith('{') ? `(${inner})[]` : `${inner}[]`;
}

function objectText({ properties = {}, required = [], additionalProperties }: Json, indent: string): string {
  const deeper = `${indent}  `;
  const fields = Object.entries(properties as Record<string, Json>).map(
    ([name, schema]) => `${name}${(required as string[]).includes(name) ? '' : '?'}: ${schemaText(schema, deeper)}`,
  );
  if (additionalProperties && typeof additionalProperties === 'object')
    fields.push(`[name]: ${schemaText(additionalProperties as Json, deeper)}`);
  if (fields.length === 0) return '{}';
  const line = `{ ${fields.join(', ')} }`;
  if (indent.length + line.length <= WIDTH && !line.includes('\n')) return line;
  return `{\n${fields.map((field) => `${deeper}${field}`).join('\n')}\n${indent}}`;
}

function rangeText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Json): string {
  const least = exclusiveMinimum === undefined ? minimum : `>${exclusiveMinimum}`;
  const most = exclusiveMaximum === undefined ? maximum : `<${exclusiveMaximum}`;
  // What no number that JSON can hold exceeds is no bound worth saying.
  const [low, high] = [
    least === Number.MIN_SAFE_INTEGER ? undefined : least,
    most === Number.MAX_SAFE_INTEGER ? undefined : most,
  ];
  return low === undefined && high === undefined ? '' : ` ${low ?? ''}…${high ?? ''}`;
}

function stringNote({ pattern, maxLength, minLength }: Json): string {
  if (typeof pattern === 'string') return ` /${pattern}/`;
  return maxLength === undefined ? '' : ` of ${minLength ?? 0}…${maxLength}`;
}
