import type { ImageSize } from '@sotto/learner/intake/pictures/pixels';
import type { Rejection } from '@sotto/protocol/rejection';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { problemOf } from '../../words/problem.ts';
import { intake } from './intake.ts';
import type { AlbumInUse } from './use-album.ts';

/** Frames are this far apart. */
const PACE_MS = 125;
/** So many frames are put into the album at once: each time, all that shows it is drawn anew. */
const AT_ONCE = 8;

interface Recording {
  /** Class that is recorded now. */
  readonly label: number | null;
  /** Frames that are not in the album yet. */
  readonly waiting: number;
  readonly problem: Rejection | null;
  readonly begin: (label: number) => void;
  readonly end: () => void;
}

/** Takes pictures of one class from a video, about eight a second, at least one. */
export function useRecording(
  video: RefObject<HTMLVideoElement | null>,
  image: ImageSize,
  { add, room }: AlbumInUse,
  nameOf: (label: number) => string,
): Recording {
  const [label, setLabel] = useState<number | null>(null);
  const [waiting, setWaiting] = useState(0);
  const [problem, setProblem] = useState<Rejection | null>(null);
  const wanted = useRef<{ label: number } | null>(null);
  const taken = useRef(0);
  // A recording goes on over many drawings of the component.
  const latest = useRef({ add, room });
  useEffect(() => {
    latest.current = { add, room };
  });

  async function record(mine: { label: number }): Promise<void> {
    let frames: Uint8Array[] = [];
    const hand = () => {
      const pixels = new Uint8Array(frames.reduce((sum, { length }) => sum + length, 0));
      for (const [i, frame] of frames.entries()) pixels.set(frame, i * frame.length);
      const names = frames.map(() => `${nameOf(mine.label)} · ${++taken.current}`);
      latest.current.add({ pixels, labels: frames.map(() => mine.label), names });
      frames = [];
      setWaiting(0);
    };
    try {
      do {
        const next = new Promise((resolve) => setTimeout(resolve, PACE_MS));
        if (!video.current || video.current.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
          await next;
          continue;
        }
        frames.push(await intake.pictures.scale(await createImageBitmap(video.current), image));
        setWaiting(frames.length);
        if (frames.length >= Math.min(AT_ONCE, latest.current.room)) hand();
        await next;
      } while (wanted.current === mine && latest.current.room > 0);
    } catch (error) {
      // A camera that was turned off meanwhile has no frame, and nothing went wrong.
      if (wanted.current === mine) setProblem(problemOf(error));
    }
    hand();
    if (wanted.current !== mine && wanted.current !== null) return;
    wanted.current = null;
    setLabel(null);
  }

  return {
    label,
    waiting,
    problem,
    begin(of) {
      if (wanted.current?.label === of) return;
      wanted.current = { label: of };
      setProblem(null);
      setLabel(of);
      void record(wanted.current);
    },
    end() {
      wanted.current = null;
      setLabel(null);
    },
  };
}
