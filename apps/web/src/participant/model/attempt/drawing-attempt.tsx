import type { Dataset } from '@sotto/learner/dataset';
import type { TaskManifest } from '@sotto/protocol/task';
import { DrawingPad } from '../../data/drawing-pad.tsx';
import { questionOf } from './question.ts';

interface AttemptProps {
  task: TaskManifest;
  onAsk: (question: Dataset | null) => void;
}

/** Draw, and see the answer change. */
export function DrawingAttempt({ task, onAsk }: AttemptProps) {
  return <DrawingPad image={task.input.image!} onDraw={(pixels) => onAsk(pixels && questionOf(task, pixels))} />;
}
