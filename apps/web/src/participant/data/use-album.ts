import type { Dataset } from '@sotto/learner/dataset';
import { mostPictures } from '@sotto/learner/intake/pictures/client';
import { bytesOf, looksDarkOnLight } from '@sotto/learner/intake/pictures/pixels';
import type { Pictures } from '@sotto/learner/intake/pictures/reading';
import type { TaskManifest } from '@sotto/protocol/task';
import { useRef, useState } from 'react';
import { type Album, addPictures, albumDataset, EMPTY_ALBUM } from './album.ts';

export interface AlbumInUse {
  readonly album: Album;
  /** What the model sees of it; null while it is empty. */
  readonly data: Dataset | null;
  /** So many more pictures fit. */
  readonly room: number;
  readonly change: (next: (album: Album) => Album) => void;
  /** The first ones also tell whether all are dark on light. */
  readonly add: (pictures: Pictures) => void;
}

/** An album that tells of every change. */
export function useAlbum(task: TaskManifest, onChange: (data: Dataset | null) => void): AlbumInUse {
  const image = task.input.image!;
  const [state, setState] = useState<{ album: Album; data: Dataset | null }>({ album: EMPTY_ALBUM, data: null });
  // What is read or recorded meanwhile must add to the latest.
  const latest = useRef(state.album);
  function change(next: (album: Album) => Album): void {
    const album = next(latest.current);
    if (album === latest.current) return;
    latest.current = album;
    const data = albumDataset(album, task);
    setState({ album, data });
    onChange(data);
  }
  return {
    ...state,
    room: mostPictures(bytesOf(image)) - state.album.labels.length,
    change,
    add(pictures) {
      if (pictures.labels.length === 0) return;
      change((album) => {
        const turned = album.labels.length === 0 ? looksDarkOnLight(pictures.pixels, image) : album.turned;
        return addPictures({ ...album, turned }, pictures);
      });
    },
  };
}
