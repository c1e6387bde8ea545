import { inflateSync } from 'node:zlib';
import { DataError } from '../../core/errors.js';
import { refuseForeignFormat } from '../../data/foreign-format.js';
import type { Picture } from '../../data/pictures.js';
import type { SourceFile } from '../../data/source-file.js';

/** Larger ones are no samples, and those who make a few bytes out to be so many want to exhaust memory. */
const MOST_PIXELS = 2 ** 24;

/** DEFLATE makes at most so many bytes of one. */
const MOST_RATIO = 1032;

/** What may be packed without a look at what comes of it. */
const FREE_PACKED_BYTES = 2 ** 16;

/** A progressive picture has about ten; each goes over all of it. */
const MOST_SCANS = 100;

/**
 * The pixels of a PNG or JPEG picture, told by its first bytes, grey or coloured, with 8 bits for each channel or a palette. A channel
 * of transparency that hides nothing is left out.
 * @throws DataError for other pictures, transparent ones, and damage
 */
export async function decodePicture(source: SourceFile): Promise<Picture> {
  const { bytes, file } = source;
  try {
    if (bytes[0] === 0x89 && bytes[1] === 0x50) return await decodePng(source);
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return await decodeJpeg(source);
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(file, `is a damaged picture (${(error as Error).message})`, { cause: error });
  }
  refuseForeignFormat(source, 'a picture');
  throw new DataError(file, 'is no PNG or JPEG picture');
}

async function decodePng({ bytes, file }: SourceFile): Promise<Picture> {
  checkPngChunks(bytes, file);
  // Loaded on first use: most programs read no pictures.
  const { decode, convertIndexedToRgb } = await import('fast-png');
  const png = decode(bytes, { checkCrc: true });
  const { width, height, depth, palette, transparency } = png;
  if (depth !== 8 && !palette) throw new DataError(file, `has ${depth} bits for each channel, expected 8`);
  if (transparency && !palette) throw transparent(file);
  const pixels = palette ? convertIndexedToRgb(png) : Uint8Array.from(png.data);
  const { channels, opaque } = withoutAlpha(pixels, pixels.length / (width * height), file);
  return { file, width, height, channels, pixels: opaque };
}

/** @throws DataError for a picture that is larger than it should be, or for more that is packed than belongs to its pixels */
function checkPngChunks(bytes: Uint8Array, file: string): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const packed: Uint8Array[] = [];
  let most = 0;
  // After the signature: length, name, contents, checksum.
  for (let at = 8; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at);
    const name = view.getUint32(at + 4);
    const contents = bytes.subarray(at + 8, at + 8 + length);
    if (name === IHDR && contents.length >= 8) {
      const [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)];
      checkPixels(width, height, file);
      // Each row is preceded by a byte, seven times where it is interlaced; eight bytes are the most of a pixel.
      most = Math.max(most, 8 * width * height + 8 * (width + height) + 64);
    }
    if (name === ICCP && length > FREE_PACKED_BYTES) {
      throw new DataError(file, `has a colour profile of ${length} bytes, more than profiles have`);
    }
    if (name === IDAT) packed.push(contents);
    at += 12 + length;
  }
  const packedBytes = packed.reduce((sum, { length }) => sum + length, 0);
  if (packedBytes <= FREE_PACKED_BYTES || packedBytes * MOST_RATIO <= most) return;
  inflateSync(Buffer.concat(packed), { maxOutputLength: most });
}

const [IHDR, ICCP, IDAT] = ['IHDR', 'iCCP', 'IDAT'].map((name) => Buffer.from(name).readUInt32BE());

function withoutAlpha(
  pixels: Uint8Array,
  channels: number,
  file: string,
): { readonly channels: 1 | 3; readonly opaque: Uint8Array } {
  if (channels === 1 || channels === 3) return { channels, opaque: pixels };
  const isAlpha = (i: number): boolean => i % channels === channels - 1;
  if (pixels.some((value, i) => isAlpha(i) && value < 255)) throw transparent(file);
  return { channels: channels === 2 ? 1 : 3, opaque: pixels.filter((_, i) => !isAlpha(i)) };
}

function transparent(file: string): DataError {
  return new DataError(file, 'is transparent in places, expected a picture that is not: what is behind it?');
}

async function decodeJpeg({ bytes, file }: SourceFile): Promise<Picture> {
  const components = jpegComponents(bytes);
  if (components !== 1 && components !== 3) {
    throw new DataError(
      file,
      `is a JPEG picture of ${components} channels, expected grey or red, green and blue`,
    );
  }
  const scans = bytes.reduce((count, byte, i) => count + Number(byte === 0xda && bytes[i - 1] === 0xff), 0);
  if (scans > MOST_SCANS) throw new DataError(file, `has ${scans} scans, expected at most ${MOST_SCANS}`);
  const { decode } = await import('jpeg-js');
  const { width, height, data } = decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxResolutionInMP: MOST_PIXELS / 1e6,
    maxMemoryUsageInMB: 256,
  });
  // Grey pictures come back with three equal channels.
  const pixels = components === 1 ? data.filter((_, i) => i % 3 === 0) : data;
  return { file, width, height, channels: components, pixels };
}

/** How many channels the frame of a JPEG file has; 0 where there is none. */
function jpegComponents(bytes: Uint8Array): number {
  // Segments: 0xff, a marker, then their length. 0xc0 … 0xcf are frames, but for three that are tables.
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1];
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return bytes[at + 9];
    at += 2 + bytes[at + 2] * 256 + bytes[at + 3];
  }
  return 0;
}

function checkPixels(width: number, height: number, file: string): void {
  if (width * height <= MOST_PIXELS) return;
  throw new DataError(
    file,
    `says that it has ${width}×${height} pixels, expected at most ${MOST_PIXELS} in all`,
  );
}
