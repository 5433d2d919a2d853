import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Block, blocksOf } from './data-card-blocks.ts';
import { FoldingCard } from './folding-card.tsx';

/** The task's data card: where the sample data are from, and what they are not good for. */
export function DataCard({ markdown }: { markdown: string }) {
  const { t } = useTranslation('trust');
  // The card's own title would repeat the page's.
  const [first, ...rest] = blocksOf(markdown);
  const blocks = first?.kind === 'heading' ? rest : [first, ...rest].filter((block) => block !== undefined);
  return (
    <FoldingCard title={t('card')} testId="data-card">
      {/* Cards are written in English. */}
      <div lang="en" className="mt-2 space-y-3 [overflow-wrap:anywhere]">
        {blocks.map((block, i) => (
          <BlockView key={i} block={block} />
        ))}
      </div>
    </FoldingCard>
  );
}

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading':
      return <h3 className="pt-2 font-semibold">{block.text}</h3>;
    case 'paragraph':
      return (
        <p className="text-muted">
          <Inline text={block.text} />
        </p>
      );
    case 'list':
      return (
        <ul className="list-disc space-y-1 pl-5 text-muted">
          {block.items.map((item) => (
            <li key={item}>
              <Inline text={item} />
            </li>
          ))}
        </ul>
      );
    case 'table':
      return (
        <dl className="space-y-2">
          {block.rows.map(([name = '', ...values]) => (
            <div key={name}>
              <dt className="font-medium">{name}</dt>
              <dd className="text-muted">
                <Inline text={values.join(', ')} />
              </dd>
            </div>
          ))}
        </dl>
      );
  }
}

/** `code` between backticks; everything else is text. */
function Inline({ text }: { text: string }): ReactNode {
  return text.split('`').map((part, i) =>
    i % 2 === 1 ? (
      <code key={i} className="font-mono text-[0.92em]">
        {part}
      </code>
    ) : (
      <Fragment key={i}>{part}</Fragment>
    ),
  );
}
