import type { BackendChoice } from '@sotto/learner/backend';
import { Fingerprint } from '../../ui/fingerprint.tsx';

const NAME: Record<BackendChoice['backend'], string> = {
  webgpu: 'the graphics card (WebGPU)',
  webgl: 'the graphics card (WebGL)',
  wasm: 'the processor (WebAssembly)',
  cpu: 'the processor (plain JavaScript, slow)',
};

interface BackendReportProps {
  choice: BackendChoice;
  device: string | null;
}

/** What computes here, and why the others do not. */
export function BackendReport({ choice: { backend, report }, device }: BackendReportProps) {
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
      {device && (
        <p className="mt-3 text-muted">
          This device is known as <Fingerprint of={device} />.
        </p>
      )}
    </details>
  );
}
