import { Card } from '../../ui/card.tsx';
import type { Kind } from './draft.ts';
import { useForm } from './form.tsx';

const KINDS: readonly { readonly kind: Kind; readonly title: string; readonly about: string }[] = [
  { kind: 'image', title: 'Images', about: 'Photos, scans or drawings, each of one class.' },
  { kind: 'table', title: 'Tables', about: 'Rows of numbers and categories, each of one class.' },
  { kind: 'text', title: 'Texts', about: 'Mails, messages or notes, each of one class.' },
];

export function KindChoice() {
  const { draft, change } = useForm();
  return (
    <Card title="What people have">
      <fieldset>
        <legend className="sr-only">Kind of data</legend>
        <div className="grid gap-3 sm:grid-cols-3">
          {KINDS.map(({ kind, title, about }) => (
            <label
              key={kind}
              className="flex cursor-pointer items-start gap-3 rounded-xl border border-line-strong p-4 text-sm hover:bg-sunken has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name="kind"
                value={kind}
                checked={draft.kind === kind}
                onChange={() => change({ type: 'kind', kind })}
                className="mt-1 accent-accent"
              />
              <span>
                <span className="block font-medium">{title}</span>
                <span className="text-muted">{about}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
    </Card>
  );
}
