import { committeeWarnings, type Seat } from '@sotto/fl-core/committee-health';
import { sayWarning } from '@sotto/fl-core/committee-words';
import { Notice } from '../../ui/notice.tsx';

interface WarningsProps {
  seats: readonly Seat[];
  nameOf: (device: string) => string;
}

/** What speaks against these members, the gravest first. */
export function Warnings({ seats, nameOf }: WarningsProps) {
  return committeeWarnings(seats, Date.now()).map((warning) => {
    const { tone, title, text } = sayWarning(warning, nameOf);
    return (
      <div key={`${warning.code} ${title}`} data-warning={warning.code}>
        <Notice tone={tone} title={title}>
          {text}
        </Notice>
      </div>
    );
  });
}
