import { OPEN_PINS } from '@sotto/protocol/invite';
import type { TaskManifest } from '@sotto/protocol/task';
import type { TaskView } from '@sotto/protocol/views';
import { About } from '../../participant/about.tsx';
import { DataChoice } from '../../participant/data/data-choice.tsx';
import { Protection } from '../../participant/trust/protection.tsx';
import { useAdmin } from '../frame/context.ts';

interface PreviewProps {
  /** What the draft says, with stand-ins for what it does not say yet. */
  task: TaskManifest;
  card: string;
  /** Null: not known yet. */
  parameters: number | null;
  sampleExamples: number;
}

const nothing = () => {};
const OPTIONS = { shard: null, by: 'iid', limit: null, backend: null, device: null } as const;

/** The page that people will open, made of its own parts. It is to be looked at, and does nothing. */
export function Preview({ task, card, parameters, sampleExamples }: PreviewProps) {
  const { coordinator, studyKey } = useAdmin();
  const view: TaskView = {
    task,
    card,
    topology: '{}',
    parameters: parameters ?? 0,
    sampleExamples,
    excerpts: [],
    coordinator,
    studyKey,
    members: [],
    status: {
      task: task.id,
      present: 0,
      needed: task.privacy.minimumCohort,
      run: null,
      state: null,
      rounds: 0,
      round: 0,
      phase: 'waiting',
      cohort: 0,
      contributors: 0,
      deadline: null,
      nextRoundAt: null,
      reconnectMs: 0,
      budget: null,
      history: [],
    },
    run: null,
    earlier: null,
    pinned: null,
  };
  return (
    <section aria-label="Preview of the page people will open" data-testid="preview" className="min-w-0">
      <p className="mb-2 text-xs font-medium text-muted">What people will see</p>
      <div inert className="max-h-[95dvh] overflow-hidden rounded-2xl border border-line bg-paper p-5 [zoom:0.8]">
        <About
          view={view}
          status={view.status}
          heading={(title) => <p className="text-2xl font-semibold">{title}</p>}
        />
        <div className="mt-4 grid gap-4">
          {/* Another kind of examples is brought in another way. */}
          <DataChoice
            key={`${task.kind}/${task.input.image?.channels}/${sampleExamples > 0}`}
            view={view}
            options={OPTIONS}
            data={null}
            onChoose={nothing}
            onUnique={nothing}
          />
          <Protection view={view} pins={{ ...OPEN_PINS, studyKey, coordinator }} participant={null} agreement={null} />
        </div>
      </div>
    </section>
  );
}
