import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { CoordinatorFigures, PhaseFigures } from './figures.ts';

const SAMPLE_MS = 5;
const LOOK_MS = 100;

export interface Gauges {
  /** What follows belongs to this phase. */
  enter(phase: string): void;
  read(): CoordinatorFigures;
}

/** Measures this process from now on. */
export function createGauges(): Gauges {
  const whole = startHistogram();
  const own = startHistogram();
  const phases: PhaseFigures[] = [];
  let phase = 'joining';
  let began = performance.now();
  let rss = 0;
  const look = () => {
    rss = Math.max(rss, process.memoryUsage.rss());
  };
  setInterval(look, LOOK_MS).unref();

  function endPhase(): void {
    look();
    phases.push({
      phase,
      ms: Math.round(performance.now() - began),
      rssMB: Math.round(rss / 1e6),
      loopLagP99Ms: lagOf(own, 99),
    });
    own.reset();
    began = performance.now();
    rss = 0;
  }

  return {
    enter(next) {
      if (next === phase) return;
      endPhase();
      phase = next;
    },
    read() {
      endPhase();
      const { user, system } = process.cpuUsage();
      return {
        rssPeakMB: Math.round(peakBytes() / 1e6),
        loopLagP99Ms: lagOf(whole, 99),
        loopLagMaxMs: lagOf(whole, 100),
        cpuMs: Math.round((user + system) / 1000),
        phases,
      };
    },
  };
}

/** The highest resident set of this process so far. `maxRSS` may be that of the process it was forked from, where VmHWM is its own. */
function peakBytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))!;
  return Number(kilobytes) * 1024;
}

function startHistogram(): ReturnType<typeof monitorEventLoopDelay> {
  const histogram = monitorEventLoopDelay({ resolution: SAMPLE_MS });
  histogram.enable();
  return histogram;
}

/** Milliseconds that a timer comes too late. The histogram holds the time from one to the next, so their interval is taken off. */
function lagOf(histogram: ReturnType<typeof monitorEventLoopDelay>, percentile: number): number {
  return Math.max(0, Math.round(histogram.percentile(percentile) / 1e6 - SAMPLE_MS));
}
