import { proceeding } from '../intake/progress.browser.ts';
import type { Watching } from '../intake/report.ts';
import type { AskIntake } from '../intake/worker/ask.browser.ts';
import type { TextFile, TextReading, TextTask } from './reading.ts';

/** The page's way to texts. Every promise rejects with a TrainingError when the worker ends. */
export interface TextIntake {
  /** When it is ended by its signal, it resolves with what was read until then. */
  read(files: readonly TextFile[], task: TextTask, watching: Watching): Promise<TextReading>;
}

export function createTextIntake(ask: AskIntake): TextIntake {
  return {
    read: (files, task, watching) =>
      ask(({ texts }) => texts.read(files, task, proceeding(watching)) as Promise<TextReading>),
  };
}
