import type { TaskManifest } from '@sotto/protocol/task';
import type { ComponentType } from 'react';
import { CameraSource } from './camera-source.tsx';
import { DrawingSource } from './drawing-source.tsx';
import { OwnImages } from './own-images.tsx';
import { OwnTable } from './own-table.tsx';
import { OwnTexts } from './own-texts.tsx';
import type { SourceProps } from './source.ts';

/** A way to bring examples of one's own. */
export interface Source {
  /** Names it in the words `data.sources`. */
  readonly id: 'pictures' | 'camera' | 'pad' | 'table' | 'texts';
  readonly Component: ComponentType<SourceProps>;
}

const SOURCES: Readonly<Record<TaskManifest['kind'], readonly Source[]>> = {
  image: [
    { id: 'pictures', Component: OwnImages },
    { id: 'camera', Component: CameraSource },
    { id: 'pad', Component: DrawingSource },
  ],
  table: [{ id: 'table', Component: OwnTable }],
  text: [
    { id: 'texts', Component: OwnTexts },
    { id: 'table', Component: OwnTable },
  ],
};

/** The ways to bring one's own examples of a task. */
export function sourcesOf({ kind, input }: TaskManifest): readonly Source[] {
  // Drawings have no colour.
  return SOURCES[kind].filter(({ id }) => id !== 'pad' || input.image?.channels === 1);
}
