import type { AdminView } from '@sotto/protocol/views';
import type { TaskEntry } from './context.ts';

export function taskEntries({ tasks, devices }: AdminView): TaskEntry[] {
  return tasks.map(({ task: { id, title, summary, kind }, status, run }) => {
    const published = run?.rounds.filter((round) => round.kind === 'published') ?? [];
    return {
      id,
      title,
      summary,
      kind,
      status,
      waiting: devices.filter(({ task, verdict }) => task === id && verdict === 'waiting').length,
      run: run && {
        run: run.run,
        state: run.state,
        note: run.note,
        startedAt: run.startedAt,
        rounds: run.config.rounds,
        published: published.length,
        abandoned: run.rounds.length - published.length,
        testAccuracy: published.at(-1)?.testAccuracy ?? run.initial.testAccuracy,
      },
    };
  });
}
