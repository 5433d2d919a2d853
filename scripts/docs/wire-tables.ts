import { DONE, Duty, HINTS, REQUESTS } from '@sotto/protocol/messages';
import { Plan } from '@sotto/protocol/plan';
import { RoundBody } from '@sotto/protocol/transcript';
import { z } from 'zod';

/** The wire tables of docs/PROTOCOL.md, out of the schemas that the code itself checks messages with. */

interface Shape {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly oneOf?: readonly Shape[];
}

function fieldsOf(schema: z.ZodType): string {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' }) as Shape;
  return Object.keys(properties).join(', ') || '–';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function wireTables(): string {
  const requests = Object.entries(REQUESTS).map(([name, { request, reply, sendsBytes, repliesBytes }]) => [
    `\`${name}\``,
    fieldsOf(request) + (sendsBytes ? ' + bytes' : ''),
    (fieldsOf(reply) === Object.keys(DONE).join() ? 'done' : fieldsOf(reply)) + (repliesBytes ? ' + bytes' : ''),
  ]);
  const hints = Object.entries(HINTS).map(([name, schema]) => [
    `\`${name}\``,
    name === 'duty' ? 'one of the duties below' : fieldsOf(schema),
  ]);
  const duties = Duty.options.map((option) => [
    `\`${option.shape.kind.value}\``,
    fieldsOf(option).replace('kind, ', ''),
  ]);
  const documents: [string, z.ZodType][] = [
    ['plan', Plan],
    ['plan.encoding', Plan.shape.encoding],
    ['plan.committee', Plan.shape.committee],
    ['transcript.body', RoundBody],
    ['transcript.body.parts', RoundBody.shape.parts.element],
    ['transcript.body.unopened', RoundBody.shape.unopened.element],
  ];
  return [
    'A device asks:',
    table(['request', 'fields', 'answered with'], requests),
    'The coordinator hints:',
    table(['hint', 'fields'], hints),
    table(['duty', 'fields'], duties),
    'Signed documents:',
    table(
      ['document', 'fields'],
      documents.map(([name, schema]) => [name, fieldsOf(schema)]),
    ),
  ].join('\n\n');
}
