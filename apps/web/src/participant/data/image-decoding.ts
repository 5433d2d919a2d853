import type { TaskInput } from '@sotto/protocol/task';
import { cropOf, pixelsOf } from './image-examples.ts';

/** The picture cut and scaled to the task's size. @throws Error with a message for people */
export async function decodeImage(file: File, image: NonNullable<TaskInput['image']>): Promise<Uint8Array> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new Error(
      file.type.startsWith('image/') || file.type === ''
        ? 'this browser cannot read it as a picture; save it as PNG or JPEG'
        : `it is not a picture (${file.type}); use PNG, JPEG or WebP`,
    );
  }
  const { width, height, channels } = image;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  // Behind transparent pixels there is paper.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  const crop = cropOf(bitmap.width, bitmap.height, image);
  context.drawImage(bitmap, crop.x, crop.y, crop.width, crop.height, 0, 0, width, height);
  bitmap.close();
  return pixelsOf(context.getImageData(0, 0, width, height).data, channels);
}
