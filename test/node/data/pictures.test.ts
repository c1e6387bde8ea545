import { join } from 'node:path';
import { encode } from 'fast-png';
import { encode as encodeJpeg } from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { decodePicture } from '../../../src/node/data/decode-picture.js';
import { listDatasets, loadDataset, locateDataset } from '../../../src/node/data/load.js';
import { errorOf, rowsOf, temporaryFolder, writeFiles } from '../../data/helpers.js';

const [HEIGHT, WIDTH] = [2, 3];

/** A grey picture whose pixels are first, first + 1, …. */
const grey = (first: number, [height, width] = [HEIGHT, WIDTH]): Uint8Array =>
  encode({
    height,
    width,
    channels: 1,
    data: Uint8Array.from({ length: height * width }, (_, i) => first + i),
  });

/** Red, green and blue of each pixel, side by side. */
const coloured = (pixels: readonly number[]): Uint8Array =>
  encode({ height: HEIGHT, width: WIDTH, channels: 3, data: Uint8Array.from(pixels) });

async function folderWith(files: Record<string, string | Uint8Array>): Promise<string> {
  const dataDir = await temporaryFolder();
  await writeFiles(join(dataDir, 'own'), files);
  return dataDir;
}

const SPLITS = {
  'train/cat/b.png': grey(20),
  'train/cat/a.png': grey(10),
  'train/cat/c.png': grey(30),
  'train/dog/1.png': grey(40),
  'test/dog/9.png': grey(50),
};

const messageOf = async (files: Record<string, string | Uint8Array>): Promise<string> => {
  const dataDir = await folderWith(files);
  const error = await errorOf(() => loadDataset('own', { dataDir }));
  expect(error.name).toBe('DataError');
  return error.message.replaceAll(`${dataDir}/own`, '…');
};

describe('pictures in folders of their classes', () => {
  it('are samples in the order of their names, classes taking turns', async () => {
    const dataDir = await folderWith({ ...SPLITS, 'train/cat/.DS_Store': 'x', 'train/README.txt': 'x' });
    const { shape, classes, train, test, validation, files } = await loadDataset('own', { dataDir });
    expect(shape).toEqual({ kind: 'image', channels: 1, height: HEIGHT, width: WIDTH });
    expect(classes).toEqual(['cat', 'dog']);
    expect(rowsOf(train.features).map(([first]) => first)).toEqual([10, 40, 20, 30]);
    expect(rowsOf(train.features)[0]).toEqual([10, 11, 12, 13, 14, 15]);
    expect([...train.labels]).toEqual([0, 1, 0, 0]);
    expect([...test.labels]).toEqual([1]);
    expect(validation).toBeUndefined();
    const paths = [
      'train/cat/a.png',
      'train/dog/1.png',
      'train/cat/b.png',
      'train/cat/c.png',
      'test/dog/9.png',
    ];
    expect(files).toEqual(paths.map((file) => join(dataDir, 'own', file)));
    expect((await locateDataset('own', { dataDir })).files).toEqual(files);
    const listed = (await listDatasets({ dataDir })).filter(({ folder }) => folder?.startsWith(dataDir));
    expect(listed.map(({ name }) => name)).toEqual(['own']);
  });

  it('may have validation samples, and may be in one piece', async () => {
    const dataDir = await folderWith({ ...SPLITS, 'validation/cat/v.png': grey(60) });
    expect((await loadDataset('own', { dataDir })).validation?.labels).toEqual(Int32Array.of(0));
    const pieces = Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [`${i % 2 === 0 ? '10' : '9'}/${i}.png`, grey(10 * i)]),
    );
    const { train, test, classes } = await loadDataset('own', { dataDir: await folderWith(pieces) });
    expect(classes).toEqual(['9', '10']);
    expect([train.labels.length, test.labels.length]).toEqual([8, 2]);
    for (const { features, labels } of [train, test]) {
      // Pictures 0, 2, 4, … begin with 0, 20, 40, … and are of class 10.
      expect([...labels]).toEqual(rowsOf(features).map(([first]) => (first % 20 === 0 ? 1 : 0)));
    }
  });

  it('have planes: red, green, blue', async () => {
    const pixels = Array.from({ length: 18 }, (_, i) => i * 10);
    const dataDir = await folderWith({
      'train/a/1.png': coloured(pixels),
      'train/b/1.png': coloured(pixels.toReversed()),
      'test/a/1.png': coloured(pixels),
    });
    const { shape, test } = await loadDataset('own', { dataDir });
    expect(shape).toEqual({ kind: 'image', channels: 3, height: HEIGHT, width: WIDTH });
    const planes = [0, 1, 2].flatMap((channel) => pixels.filter((_, i) => i % 3 === channel));
    expect(rowsOf(test.features)).toEqual([planes]);
  });

  it.each<[string, Record<string, string | Uint8Array>, string]>([
    [
      'another size',
      { ...SPLITS, 'test/dog/9.png': grey(50, [3, 2]) },
      '…/test/dog/9.png: is grey, 3×2, but …/train/cat/a.png is grey, 2×3; expected pictures of one size and kind',
    ],
    [
      'colour among grey',
      { ...SPLITS, 'train/dog/1.png': coloured(Array(18).fill(1)) },
      '…/train/dog/1.png: is coloured, 2×3, but …/train/cat/a.png is grey, 2×3; expected pictures of one size and kind',
    ],
    [
      'something else in a class',
      { ...SPLITS, 'train/cat/notes.txt': 'x' },
      '…/train/cat/notes.txt: is no picture by its name, expected .png, .jpg or .jpeg in a folder of a class, or a name that begins with a dot',
    ],
    [
      'an empty class',
      { ...SPLITS, 'train/owl/.keep': 'x' },
      '…/train/owl: holds no pictures, expected those of a class',
    ],
    ['no test pictures', { 'train/cat/a.png': grey(1), 'train/dog/a.png': grey(1) }, '…/test: is missing'],
    [
      'a class that does not occur in training',
      { ...SPLITS, 'test/owl/1.png': grey(1) },
      '…/test: owl/1.png: "owl" is none of the 2 training classes',
    ],
    [
      'classes that look alike',
      { ...SPLITS, 'train/Cat/1.png': grey(1) },
      '…/train: cat/a.png: the classes "Cat" and "cat" look alike. Give them one name if they are one class, or names further apart if they are two',
    ],
    [
      'one class',
      { 'train/cat/a.png': grey(1), 'test/cat/a.png': grey(1) },
      '…/train: all samples are of one class, expected two',
    ],
    ['a text', { ...SPLITS, 'train/dog/1.png': 'hello' }, '…/train/dog/1.png: is no PNG or JPEG picture'],
    [
      'a page in the place of a picture',
      { ...SPLITS, 'train/dog/1.png': '<html>404</html>' },
      '…/train/dog/1.png: is an HTML page, not data, expected a picture: an error page or a sign-in page was saved in its place; download it again',
    ],
  ])('are refused for %s', async (_, files, message) => {
    expect(await messageOf(files)).toBe(message);
  });
});

describe('decodePicture', () => {
  const decode = (bytes: Uint8Array): ReturnType<typeof decodePicture> => decodePicture({ file: 'f', bytes });

  // One colour over blocks of 8×8 pixels is what JPEG keeps.
  const flat = (pixel: readonly number[]): Uint8Array =>
    encodeJpeg(
      {
        width: 16,
        height: 8,
        data: Uint8Array.from({ length: 16 * 8 * 4 }, (_, i) => [...pixel, 255][i % 4]),
      },
      100,
    ).data;

  it('reads JPEG, whatever the name says', async () => {
    const { width, height, channels, pixels } = await decode(flat([200, 100, 50]));
    expect([width, height, channels, pixels.length]).toEqual([16, 8, 3, 16 * 8 * 3]);
    [200, 100, 50].forEach((value, channel) => {
      for (let i = channel; i < pixels.length; i += 3)
        expect(Math.abs(pixels[i] - value)).toBeLessThanOrEqual(2);
    });
  });

  it('reads grey JPEG as grey', async () => {
    const { channels, pixels } = await decode(Buffer.from(GREY_JPEG, 'base64'));
    expect([channels, pixels.length]).toEqual([1, 64]);
    for (const pixel of pixels) expect(Math.abs(pixel - 128)).toBeLessThanOrEqual(1);
  });

  it('reads palettes, and leaves out a channel that hides nothing', async () => {
    const size = { height: 1, width: 2 };
    const palette = encode({
      ...size,
      channels: 1,
      depth: 8,
      data: Uint8Array.of(1, 0),
      palette: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    });
    expect(await decode(palette)).toMatchObject({ channels: 3, pixels: Uint8Array.of(4, 5, 6, 1, 2, 3) });
    const opaque = encode({ ...size, channels: 4, data: Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 255) });
    expect(await decode(opaque)).toMatchObject({ channels: 3, pixels: Uint8Array.of(1, 2, 3, 4, 5, 6) });
    const greyAlpha = encode({ ...size, channels: 2, data: Uint8Array.of(7, 255, 8, 255) });
    expect(await decode(greyAlpha)).toMatchObject({ channels: 1, pixels: Uint8Array.of(7, 8) });
  });

  const damaged = grey(1).slice();
  damaged[45] ^= 1;
  const huge = grey(1).slice();
  huge.set([0, 1, 0, 0, 0, 1, 0, 0], 16);

  it.each<[string, Uint8Array, string | RegExp]>([
    [
      'transparency',
      encode({ height: 1, width: 1, channels: 4, data: Uint8Array.of(1, 2, 3, 254) }),
      'f: is transparent in places, expected a picture that is not: what is behind it?',
    ],
    [
      '16 bits',
      encode({ height: 1, width: 1, channels: 1, depth: 16, data: Uint16Array.of(700) }),
      'f: has 16 bits for each channel, expected 8',
    ],
    ['damage', damaged, /^f: is a damaged picture \(/],
    ['a PNG picture that was cut off', grey(1).subarray(0, 50), /^f: is a damaged picture \(/],
    [
      'a JPEG picture that was cut off',
      flat([9, 9, 9]).subarray(0, 300),
      /^f: is (a damaged picture|a JPEG picture of 0 channels)/,
    ],
    [
      'more pixels than there are',
      huge,
      'f: says that it has 65536×65536 pixels, expected at most 16777216 in all',
    ],
  ])('refuses %s', async (_, bytes, message) => {
    const error = await errorOf(() => decode(bytes));
    expect(error.name).toBe('DataError');
    expect(error.message).toMatch(message);
  });
});

/** 8×8 pixels of 128, one component: baseline tables of the standard, written by hand below. */
const GREY_JPEG = greyJpeg().toString('base64');

/** A picture of one block whose coefficients are all 0: every pixel is 128. */
function greyJpeg(): Buffer {
  const segment = (marker: number, bytes: readonly number[]): number[] => [
    0xff,
    marker,
    (bytes.length + 2) >> 8,
    (bytes.length + 2) & 255,
    ...bytes,
  ];
  const counts = [1, ...Array<number>(15).fill(0)];
  return Buffer.from([
    ...[0xff, 0xd8],
    ...segment(0xdb, [0, ...Array<number>(64).fill(1)]), // quantization by 1
    ...segment(0xc0, [8, 0, 8, 0, 8, 1, 1, 0x11, 0]), // 8 bits, 8×8, one component
    ...segment(0xc4, [0x00, ...counts, 0]), // DC: code 0 of one bit for no difference
    ...segment(0xc4, [0x10, ...counts, 0]), // AC: code 0 of one bit for the end of a block
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
    0b00111111, // DC, AC, padding
    ...[0xff, 0xd9],
  ]);
}
