import type { RunState, Status } from '@sotto/protocol/run';
import type { TaskManifest } from '@sotto/protocol/task';
import type { Person } from '@sotto/protocol/views';
import { createContext, useContext } from 'react';
import { useParams } from 'react-router';

/** A task, as far as the whole dashboard knows it. Its manifest, runs and devices are asked for by the pages that show them. */
export interface TaskEntry {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly kind: TaskManifest['kind'];
  readonly status: Status;
  /** The latest run. */
  readonly run: RunEntry | null;
  /** Devices that ask to be let in. */
  readonly waiting: number;
}

export interface RunEntry {
  readonly run: string;
  readonly state: RunState;
  readonly note: string | null;
  readonly startedAt: number;
  readonly rounds: number;
  readonly published: number;
  readonly abandoned: number;
  /** Of the latest model, on held-out data. */
  readonly testAccuracy: number;
}

/** What every page of the dashboard may use. */
export interface Admin {
  readonly coordinator: string;
  readonly studyKey: string | null;
  readonly publicUrl: string;
  readonly tasks: readonly TaskEntry[];
  readonly person: Person;
  /** Whether they are an admin. The coordinator refuses a viewer's changes; the pages only do not offer them. */
  readonly mayChange: boolean;
}

export const AdminContext = createContext<Admin | null>(null);

export function useAdmin(): Admin {
  const admin = useContext(AdminContext);
  if (!admin) throw new Error('useAdmin is for pages of the dashboard');
  return admin;
}

/** The task of the address; only below `/admin/t/:task`, where the frame has made sure that there is one. */
export function useTask(): TaskEntry {
  const { task } = useParams();
  const { tasks } = useAdmin();
  const entry = tasks.find(({ id }) => id === task);
  if (!entry) throw new Error('useTask is for pages of a task');
  return entry;
}
