import { Card } from '../../ui/card.tsx';
import { AreaInput, TextInput, useForm } from './form.tsx';

/** What people read of the task before they decide to take part. */
export function AboutStep() {
  const { draft, base } = useForm();
  return (
    <Card title="What is learned">
      <div className="space-y-5">
        <TextInput
          field="title"
          label="Title"
          hint="What people see first. Up to 100 characters."
          value={draft.title}
          to={(title) => ({ type: 'title', title })}
        />
        {base === null && (
          <TextInput
            mono
            field="id"
            label="Name in addresses"
            hint={`People open /t/${draft.id || 'name'}. It cannot be changed later.`}
            value={draft.id}
            to={(id) => ({ type: 'set', to: { id, idWritten: id !== '' } })}
          />
        )}
        <AreaInput
          field="summary"
          label="In one plain sentence"
          hint="For somebody who knows nothing of machine learning: what does it learn, from what, and what for?"
          rows={3}
          value={draft.summary}
          to={(summary) => ({ type: 'set', to: { summary } })}
        />
        <AreaInput
          field="card"
          label="Data card"
          hint="Markdown: headings with #, lists with -. Where such data come from, what the model may be used for and what it must not be used for, whom to ask."
          rows={10}
          value={draft.card}
          to={(card) => ({ type: 'set', to: { card } })}
        />
      </div>
    </Card>
  );
}
