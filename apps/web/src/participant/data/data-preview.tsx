import type { Dataset } from '@sotto/learner/dataset';
import type { TaskManifest } from '@sotto/protocol/task';
import { taskWords } from '../../words/task-words.ts';
import { useLanguage } from '../../words/words.ts';
import { ClassCounts } from './class-counts.tsx';
import { FirstExamples } from './first-examples.tsx';
import { Thumbnails } from './thumbnails.tsx';

/** A look at the examples: how many there are of each class, and the first of them, as far as they can be shown. */
export function DataPreview({ task, data }: { task: TaskManifest; data: Dataset }) {
  const { classes } = taskWords(task, useLanguage());
  return (
    <div className="space-y-5">
      {task.input.image && <Thumbnails image={task.input.image} classes={classes} data={data} />}
      {task.input.columns && <FirstExamples task={task} columns={task.input.columns} data={data} />}
      <ClassCounts classes={classes} labels={data.labels} />
    </div>
  );
}
