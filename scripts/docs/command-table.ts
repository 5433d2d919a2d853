interface Described {
  name(): string;
  usage(): string;
  description(): string;
  readonly commands: readonly Described[];
}

/** The table of docs/CLI.md, out of what the commands say of themselves. */
export function commandTable(program: Described): string {
  const rows = program.commands.flatMap((command) => rowsOf(command, 'sotto')).sort(([a], [b]) => a.localeCompare(b));
  return [['command', 'what it does'], ['---', '---'], ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function rowsOf(command: Described, before: string): [usage: string, what: string][] {
  const name = `${before} ${command.name()}`;
  if (command.commands.length > 0) return command.commands.flatMap((each) => rowsOf(each, name));
  const usage = command.usage().replace(/^\[options\] ?/, '');
  return [[`\`${`${name} ${usage}`.trim()}\``, command.description()]];
}
