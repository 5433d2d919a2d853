/** What the bytes of a file say it is: names and media types may say anything. */
export interface PictureFormat {
  readonly name: 'PNG' | 'JPEG' | 'WebP' | 'GIF' | 'BMP' | 'AVIF' | 'HEIC' | 'SVG';
  /** In pixels, before any turning; null where the file does not say at its beginning. */
  readonly size: { readonly width: number; readonly height: number } | null;
  /** More than one frame. */
  readonly animated: boolean;
  /** The file goes on to where its format ends. */
  readonly whole: boolean;
}

/** The format of a picture by its bytes, its structure walked to the end, nothing decoded; null: no picture. */
export function pictureFormat(bytes: Uint8Array): PictureFormat | null {
  if (begins(bytes, 0, '\x89PNG\r\n\x1a\n')) return png(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return jpeg(bytes);
  if (begins(bytes, 0, 'RIFF') && begins(bytes, 8, 'WEBP')) return webp(bytes);
  if (begins(bytes, 0, 'GIF87a') || begins(bytes, 0, 'GIF89a')) return gif(bytes);
  if (begins(bytes, 0, 'BM') && bytes.length >= 26) return bmp(bytes);
  if (begins(bytes, 4, 'ftyp')) return isoMedia(bytes);
  const start = new TextDecoder().decode(bytes.subarray(0, 1024));
  return /^(<\?xml[^>]*>|<!--[\s\S]*?-->|<!DOCTYPE[^>]*>|\s)*<svg[\s>]/i.test(start)
    ? { name: 'SVG', size: null, animated: false, whole: true }
    : null;
}

function begins(bytes: Uint8Array, at: number, text: string): boolean {
  return bytes.length >= at + text.length && [...text].every((char, i) => bytes[at + i] === char.charCodeAt(0));
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Chunks of length, type, data and checksum up to IEND (PNG, 3rd edition, §5). */
function png(bytes: Uint8Array): PictureFormat {
  const view = viewOf(bytes);
  const size = bytes.length >= 24 ? { width: view.getUint32(16), height: view.getUint32(20) } : null;
  let animated = false;
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    if (begins(bytes, at + 4, 'acTL') && at + 12 <= bytes.length) animated = view.getUint32(at + 8) > 1;
    if (begins(bytes, at + 4, 'IEND')) return { name: 'PNG', size, animated, whole: true };
  }
  return { name: 'PNG', size, animated, whole: false };
}

/** Marker segments, between them entropy-coded data, up to EOI (ITU-T T.81, annex B). What follows it, such as a phone's film, is not ours. */
function jpeg(bytes: Uint8Array): PictureFormat {
  const view = viewOf(bytes);
  let size: PictureFormat['size'] = null;
  let at = 2;
  while (at + 2 <= bytes.length) {
    const marker = bytes[at + 1]!;
    // In entropy-coded data 00 follows a literal FF, and restart markers stand alone; more FFs merely fill.
    if (bytes[at] !== 0xff || marker === 0xff || marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      const next = bytes.indexOf(0xff, at + 1);
      if (next === -1) break;
      at = next;
      continue;
    }
    if (marker === 0xd9) return { name: 'JPEG', size, animated: false, whole: true };
    const frame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (frame && at + 9 <= bytes.length) size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    if (at + 4 > bytes.length) break;
    at += 2 + view.getUint16(at + 2);
  }
  return { name: 'JPEG', size, animated: false, whole: false };
}

/** RIFF with VP8, VP8L or VP8X first (RFC 9649, §2). */
function webp(bytes: Uint8Array): PictureFormat {
  const view = viewOf(bytes);
  const whole = bytes.length >= view.getUint32(4, true) + 8;
  if (bytes.length < 30) return { name: 'WebP', size: null, animated: false, whole: false };
  if (begins(bytes, 12, 'VP8X')) {
    const low = (at: number) => (view.getUint32(at, true) & 0xffffff) + 1;
    return {
      name: 'WebP',
      size: { width: low(24), height: view.getUint16(27, true) + (bytes[29]! << 16) + 1 },
      animated: (bytes[20]! & 0x02) !== 0,
      whole,
    };
  }
  const packed = view.getUint32(21, true);
  const size = begins(bytes, 12, 'VP8L')
    ? { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 }
    : { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  return { name: 'WebP', size, animated: false, whole };
}

/** Blocks up to the trailer; a second image is a second frame (GIF89a, §§17–27). */
function gif(bytes: Uint8Array): PictureFormat {
  const view = viewOf(bytes);
  if (bytes.length < 13) return { name: 'GIF', size: null, animated: false, whole: false };
  const size = { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  const colours = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let at = 13 + colours(bytes[10]!);
  let frames = 0;
  while (at < bytes.length && bytes[at] !== 0x3b) {
    if (bytes[at] === 0x2c) {
      frames++;
      at += 11 + colours(bytes[at + 9] ?? 0);
    } else if (bytes[at] === 0x21) at += 2;
    else break;
    while (at < bytes.length && bytes[at] !== 0) at += 1 + bytes[at]!;
    at++;
  }
  return { name: 'GIF', size, animated: frames > 1, whole: bytes[at] === 0x3b };
}

function bmp(bytes: Uint8Array): PictureFormat {
  const view = viewOf(bytes);
  // Negative: from top to bottom.
  const size = { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
  return { name: 'BMP', size, animated: false, whole: bytes.length >= view.getUint32(2, true) };
}

const HEIC = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'hevm', 'hevs'];

/** Boxes of size and type; the brands at the beginning say what for (ISO/IEC 14496-12, 23008-12; AVIF 1.1). */
function isoMedia(bytes: Uint8Array): PictureFormat | null {
  const view = viewOf(bytes);
  const text = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  const brands = [text(8)];
  for (let at = 16; at + 4 <= Math.min(view.getUint32(0), bytes.length); at += 4) brands.push(text(at));
  const avif = brands.includes('avif') || brands.includes('avis');
  if (!avif && !HEIC.some((brand) => brands.includes(brand)) && brands[0] !== 'mif1' && brands[0] !== 'msf1')
    return null;
  let at = 0;
  while (at + 8 <= bytes.length) {
    const short = view.getUint32(at);
    if (short === 0) at = bytes.length;
    else if (short === 1 && at + 16 <= bytes.length) at += Number(view.getBigUint64(at + 8)) || bytes.length;
    else at += Math.max(8, short);
  }
  return {
    name: avif ? 'AVIF' : 'HEIC',
    size: largestExtent(bytes),
    animated: brands[0] === 'avis',
    whole: at === bytes.length,
  };
}

/** Of the images, thumbnails and tiles in the file, each with an `ispe` box, the largest. */
function largestExtent(bytes: Uint8Array): PictureFormat['size'] {
  const view = viewOf(bytes);
  let largest: PictureFormat['size'] = null;
  for (let at = bytes.indexOf(0x69); at !== -1 && at + 16 <= bytes.length; at = bytes.indexOf(0x69, at + 1)) {
    // The picture's data follow; what looks like a box in them is none.
    if (begins(bytes, at, 'idat') || begins(bytes, at - 1, 'mdat')) break;
    if (!begins(bytes, at, 'ispe')) continue;
    const found = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    if (!largest || found.width * found.height > largest.width * largest.height) largest = found;
  }
  return largest;
}
