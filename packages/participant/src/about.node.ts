import type { About } from '@sotto/protocol/about';
import manifest from '../package.json' with { type: 'json' };

const PLATFORMS: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };

export function aboutNode(backend: string | null): About {
  const { platform, versions } = process;
  const [major] = versions.node.split('.');
  return { platform: PLATFORMS[platform] ?? platform, agent: `Node ${major}`, backend, version: manifest.version };
}
