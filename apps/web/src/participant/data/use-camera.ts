import { useEffect, useRef, useState } from 'react';
import { type CameraFault, cameraFault } from './camera-fault.ts';

export interface Camera {
  /** Null while it is off. */
  readonly stream: MediaStream | null;
  readonly starting: boolean;
  readonly fault: CameraFault | null;
  /** Cameras to choose from; known once one was allowed. */
  readonly devices: readonly MediaDeviceInfo[];
  readonly device: string | null;
  /** It looks at the person: what is shown of it is mirrored. */
  readonly facesPerson: boolean;
  readonly start: (device?: string) => Promise<void>;
  readonly stop: () => void;
}

/** A camera, off until it is started and when the component goes. */
export function useCamera(): Camera {
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [starting, setStarting] = useState(false);
  const [fault, setFault] = useState<CameraFault | null>(null);
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  /** Counts starts and stops: a camera that comes after it was turned off again is not wanted. */
  const wish = useRef(0);
  const running = useRef<MediaStream | null>(null);

  function show(next: MediaStream | null): void {
    for (const track of running.current?.getTracks() ?? []) track.stop();
    running.current = next;
    setStream(next);
  }

  function stop(): void {
    wish.current++;
    setStarting(false);
    show(null);
  }

  async function start(device?: string): Promise<void> {
    stop();
    const mine = wish.current;
    setFault(null);
    if (!navigator.mediaDevices) return setFault('insecure');
    setStarting(true);
    try {
      const next = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { width: { ideal: 640 }, height: { ideal: 480 }, ...(device && { deviceId: { exact: device } }) },
      });
      if (wish.current !== mine) {
        for (const track of next.getTracks()) track.stop();
        return;
      }
      next.getVideoTracks()[0]?.addEventListener('ended', () => {
        if (running.current !== next) return;
        stop();
        setFault('ended');
      });
      show(next);
      setDevices((await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === 'videoinput'));
    } catch (error) {
      if (wish.current === mine) setFault(cameraFault(error));
    }
    if (wish.current === mine) setStarting(false);
  }

  useEffect(
    () => () => {
      wish.current++;
      for (const track of running.current?.getTracks() ?? []) track.stop();
    },
    [],
  );

  const settings = stream?.getVideoTracks()[0]?.getSettings();
  return {
    stream,
    starting,
    fault,
    devices,
    device: settings?.deviceId ?? null,
    facesPerson: settings?.facingMode !== 'environment',
    start,
    stop,
  };
}
