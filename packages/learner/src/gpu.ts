import * as tf from '@tensorflow/tfjs-core';

/** What a GPU backend's renderer is called when it is really the CPU. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

interface GpuInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly description?: string;
}

interface GpuAdapter {
  readonly isFallbackAdapter?: boolean;
  readonly info?: GpuInfo;
}

/** Why WebGPU would be no faster than the CPU here: there is none, or software plays it; undefined when it is real. */
export async function webgpuFault(): Promise<'absent' | 'software' | undefined> {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<GpuAdapter | null> } };
  const adapter = await gpu?.requestAdapter();
  if (!adapter) return 'absent';
  const { vendor = '', architecture = '', description = '' } = adapter.info ?? {};
  return adapter.isFallbackAdapter || SOFTWARE.test(`${vendor} ${architecture} ${description}`)
    ? 'software'
    : undefined;
}

/** The same of WebGL 2. */
export async function webglFault(): Promise<'absent' | 'software' | undefined> {
  const renderer = webglRenderer();
  if (renderer === undefined) return 'absent';
  return SOFTWARE.test(renderer) ? 'software' : undefined;
}

function webglRenderer(): string | undefined {
  const gl = typeof OffscreenCanvas === 'undefined' ? null : new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!gl) return undefined;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return renderer;
}

/** What identifies the graphics of this machine, as far as the browser tells. */
export async function describeGpu(): Promise<string> {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<GpuAdapter | null> } };
  const { vendor = '', architecture = '', description = '' } = (await gpu?.requestAdapter())?.info ?? {};
  return [vendor, architecture, description, webglRenderer() ?? ''].join(' ').trim();
}

/** Calls back once if the current backend's GPU goes away. TF.js itself would wait for ever. */
export function whenGpuLost(onLost: () => void): void {
  const backend = tf.backend() as {
    gpgpu?: { gl: { canvas: EventTarget } };
    device?: { lost: Promise<{ reason: string }> };
  };
  backend.gpgpu?.gl.canvas.addEventListener('webglcontextlost', onLost, { once: true });
  backend.device?.lost.then(({ reason }) => {
    if (reason !== 'destroyed') onLost();
  });
}
