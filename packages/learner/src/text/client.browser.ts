import { watched } from '../intake/progress.browser.ts';
import type { Watching } from '../intake/report.ts';
import type { AskIntake } from '../intake/worker/ask.browser.ts';
import type { TextFile, TextReading, TextTask } from './reading.ts';

/** The page's way to texts. Every promise rejects with a TrainingError when the worker ends. */
export interface TextIntake {
  read(files: readonly TextFile[], task: TextTask, watching: Watching): Promise<TextReading>;
}

export function createTextIntake(ask: AskIntake): TextIntake {
  return {
    read: (files, task, watching) =>
      watched(watching, (proceed) => ask(({ texts }) => texts.read(files, task, proceed) as Promise<TextReading>)),
  };
}
