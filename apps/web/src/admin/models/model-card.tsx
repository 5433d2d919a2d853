import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { CommandLine } from '../frame/command-line.tsx';
import { useTask } from '../frame/context.ts';
import { cardQuery } from './queries.ts';
import { Trouble } from './trouble.tsx';

/** The model card, to read, to copy and to keep. */
export function ModelCard({ model }: { model: string }) {
  const { id } = useTask();
  const [open, setOpen] = useState(false);
  const { data, error, refetch } = useQuery({ ...cardQuery(id, model), enabled: open });
  return (
    <Card title="Model card" testId="model-card">
      <p className="text-sm text-muted">
        What the version is for, how well it does, what was protected and what was not: to hand on with the model.
      </p>
      {!open && (
        <Button className="mt-4" onClick={() => setOpen(true)}>
          Show the card
        </Button>
      )}
      {error && <Trouble error={error} onRetry={() => void refetch()} />}
      {data !== undefined && open && (
        <>
          <ScrollRegion label="Text of the card" className="mt-4 max-h-[32rem] rounded-lg bg-sunken p-4">
            <pre className="font-mono text-xs leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]">{data}</pre>
          </ScrollRegion>
          <div className="mt-3 flex flex-wrap gap-3">
            <Button onClick={() => saveFile(`sotto-${id}-${model.slice(0, 12)}.md`, 'text/markdown', data)}>
              Save as Markdown
            </Button>
            <CopyButton text={data} label="Copy" />
          </div>
        </>
      )}
      <div className="mt-4">
        <CommandLine words={['model', 'card', id, model.slice(0, 12)]} />
      </div>
    </Card>
  );
}
