import type { Dataset } from '@sotto/learner/dataset';
import type { TaskManifest } from '@sotto/protocol/task';

/** What every way to bring examples is given. */
export interface SourceProps {
  task: TaskManifest;
  /** Told of every change: all examples this source has now, or null; and whether some of them exist nowhere else. */
  onChange: (data: Dataset | null, unique?: boolean) => void;
  /** It is the one being looked at. What it holds stays while it is not. */
  active: boolean;
}
