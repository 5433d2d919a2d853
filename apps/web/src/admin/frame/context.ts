import type { AdminView, TaskEntry } from '@sotto/protocol/admin/overview';
import type { Person } from '@sotto/protocol/views';
import { createContext, useContext } from 'react';
import { useParams } from 'react-router';

/** What every page of the dashboard may use. */
export interface Admin extends Readonly<AdminView> {
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
