import type { Dataset } from '@sotto/learner/dataset';
import type { TaskManifest } from '@sotto/protocol/task';
import { ClassCounts } from './class-counts.tsx';
import { Thumbnails } from './thumbnails.tsx';

/** A look at the examples: the first pictures, and how many there are of each class. */
export function DataPreview({ task, data }: { task: TaskManifest; data: Dataset }) {
  return (
    <div className="space-y-5">
      {task.input.image && <Thumbnails image={task.input.image} classes={task.classes} data={data} />}
      <ClassCounts classes={task.classes} labels={data.labels} />
    </div>
  );
}
