import type { BackendChoice } from '@sotto/learner/backend';

const NAME: Record<BackendChoice['backend'], string> = {
  webgpu: 'the graphics card (WebGPU)',
  webgl: 'the graphics card (WebGL)',
  wasm: 'the processor (WebAssembly)',
  cpu: 'the processor (plain JavaScript, slow)',
};

/** What computes here, and why the others do not. */
export function BackendReport({ choice: { backend, report } }: { choice: BackendChoice }) {
  return (
    <details className="mt-6 border-t border-line pt-4 text-sm" data-testid="backend" data-backend={backend}>
      <summary className="text-muted">Learns with {NAME[backend]}</summary>
      <ul className="mt-3 space-y-1">
        {report.map(({ name, passed, ms, reason }) => (
          <li key={name} className="flex flex-wrap gap-x-2">
            <span className="w-16 font-medium">{name}</span>
            <span className="text-muted">
              {reason}
              {passed && ms !== undefined && `, ${Math.round(ms)} ms for the test`}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
