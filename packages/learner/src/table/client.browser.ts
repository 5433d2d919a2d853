import type { Fault } from '../intake/fault.ts';
import { watched } from '../intake/progress.browser.ts';
import type { Watching } from '../intake/report.ts';
import type { AskIntake } from '../intake/worker/ask.browser.ts';
import type { TableReading } from './examples.ts';
import type { BroughtFile } from './file.ts';
import type { TableLayout } from './layout.ts';
import type { TableMapping } from './mapping.ts';
import type { TableOpening } from './reading.ts';
import type { TableService } from './service.browser.ts';
import type { TableSketch } from './sketch.ts';

/** The page's way to tables. Every promise rejects with a TrainingError when the worker ends. */
export interface TableIntake extends Pick<TableService, 'open'> {
  read(file: BroughtFile, layout: TableLayout, mapping: TableMapping, watching: Watching): Promise<TableReading>;
  /** What the columns of a table hold, for whoever makes a task of it. */
  sketch(file: BroughtFile, watching: Watching): Promise<TableSketch | Fault>;
}

export function createTableIntake(ask: AskIntake): TableIntake {
  return {
    open: (...asked) => ask(({ tables }) => tables.open(...asked) as Promise<TableOpening | Fault>),
    read: (file, layout, mapping, watching) =>
      watched(watching, (proceed) =>
        ask(({ tables }) => tables.read(file, layout, mapping, proceed) as Promise<TableReading>),
      ),
    sketch: (file, watching) =>
      watched(watching, (proceed) => ask(({ tables }) => tables.sketch(file, proceed) as Promise<TableSketch | Fault>)),
  };
}
