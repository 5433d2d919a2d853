/** Why there is no picture from a camera. Names the words `data.camera.faults`. */
export type CameraFault = 'insecure' | 'denied' | 'missing' | 'busy' | 'ended' | 'failed';

/** What the browser's refusal means (W3C, Media Capture and Streams, §10.3: getUserMedia). */
export function cameraFault(error: unknown): CameraFault {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy';
  return 'failed';
}
