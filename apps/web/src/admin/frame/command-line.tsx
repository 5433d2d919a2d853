import { CopyButton } from '../../ui/copy-button.tsx';
import { shellCommand } from './shell-words.ts';

interface CommandLineProps {
  /** What follows `sotto`, word by word, unquoted. */
  words: readonly (string | number)[];
  /** What the command does, if that is not what the button beside it says. */
  label?: string;
}

/** The same from a shell: what the page shows or does, as a command to copy. */
export function CommandLine({ words, label = 'The same from a shell' }: CommandLineProps) {
  const text = shellCommand(['sotto', ...words]);
  return (
    <div data-testid="command-line" className="flex min-w-0 items-center gap-2 rounded-lg bg-sunken pl-3">
      <span className="sr-only">{label}:</span>
      <code
        title={label}
        className="min-w-0 flex-1 py-2 font-mono text-xs whitespace-pre-wrap text-muted [overflow-wrap:anywhere]"
      >
        <span aria-hidden="true" className="select-none">
          ${' '}
        </span>
        {text}
      </code>
      <CopyButton look="quiet" text={text} label="Copy" />
    </div>
  );
}
