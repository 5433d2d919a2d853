import { Card } from '../../ui/card.tsx';
import { ClassesField } from './classes-field.tsx';
import { ColumnsEditor } from './columns-editor.tsx';
import type { Kind } from './draft.ts';
import { ChoiceInput, NumberInput, TextInput, useForm } from './form.tsx';
import { ImageExamples } from './image-examples.tsx';
import { KindChoice } from './kind-choice.tsx';
import { TableExamples } from './table-examples.tsx';

const EXAMPLES: Readonly<Record<Kind, () => React.JSX.Element>> = {
  image: ImageExamples,
  table: TableExamples,
  text: TableExamples,
};

/** What one example is, and what there is to tell apart. */
export function DataStep() {
  const { draft, base } = useForm();
  const Examples = EXAMPLES[draft.kind];
  return (
    <>
      {base === null && <KindChoice />}
      <Card title="From files of yours" aside="They stay in this browser">
        <Examples key={draft.kind} />
      </Card>
      <Card title="Classes">
        <div className="space-y-5">
          {draft.kind !== 'image' && (
            <TextInput
              field="label"
              label="Column with the answer"
              hint="What people’s tables call the column that says the class."
              value={draft.label}
              to={(label) => ({ type: 'set', to: { label } })}
            />
          )}
          <ClassesField />
        </div>
      </Card>
      {draft.kind === 'image' && <ImageSize />}
      {draft.kind === 'table' && <ColumnsEditor />}
      {draft.kind === 'text' && <TextSettings />}
    </>
  );
}

function ImageSize() {
  const { image } = useForm().draft;
  return (
    <Card title="Image size">
      <p className="mb-4 text-sm text-muted">
        The middle of every picture is cut out in these proportions and made as small. Fewer pixels make smaller models
        and quicker rounds: take the fewest in which you can still tell the classes apart.
      </p>
      <div className="grid gap-5 sm:grid-cols-3">
        <NumberInput
          field="image.width"
          label="Width, pixels"
          value={image.width}
          to={(width) => ({ type: 'image', to: { width } })}
        />
        <NumberInput
          field="image.height"
          label="Height, pixels"
          value={image.height}
          to={(height) => ({ type: 'image', to: { height } })}
        />
        <ChoiceInput
          field="image.channels"
          label="Colour"
          value={image.channels}
          to={(channels) => ({ type: 'image', to: { channels: channels === '1' ? '1' : '3' } })}
        >
          <option value="1">grey</option>
          <option value="3">red, green, blue</option>
        </ChoiceInput>
      </div>
    </Card>
  );
}

function TextSettings() {
  const { text } = useForm().draft;
  return (
    <Card title="Words">
      <p className="mb-4 text-sm text-muted">
        Each word is hashed into one of so many buckets, and the model sees which buckets a text has. No list of words
        is needed, and nobody’s words travel.
      </p>
      <div className="grid gap-5 sm:grid-cols-2">
        <TextInput
          field="text.column"
          label="Column with the text"
          hint="In tables; texts may also come as files."
          value={text.column}
          to={(column) => ({ type: 'text', to: { column } })}
        />
        <NumberInput
          field="text.buckets"
          label="Buckets"
          hint="More tell more words apart, and make larger models."
          value={text.buckets}
          to={(buckets) => ({ type: 'text', to: { buckets } })}
        />
        <NumberInput
          field="text.maxCharacters"
          label="Characters read"
          hint="What comes after is not looked at."
          value={text.maxCharacters}
          to={(maxCharacters) => ({ type: 'text', to: { maxCharacters } })}
        />
        <ChoiceInput
          field="text.pairs"
          label="Pairs of words"
          hint="“not good” then counts as one word, too."
          value={String(text.pairs)}
          to={(pairs) => ({ type: 'text', to: { pairs: pairs === 'true' } })}
        >
          <option value="false">do not count</option>
          <option value="true">count, too</option>
        </ChoiceInput>
      </div>
    </Card>
  );
}
