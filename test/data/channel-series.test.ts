import { describe, expect, it } from 'vitest';
import { vector } from '../../src/core/shape.js';
import { type ChannelSeriesOptions, channelSeriesDataset } from '../../src/data/channel-series.js';
import type { Dataset } from '../../src/data/dataset.js';
import { errorOf, rowsOf } from './helpers.js';

const HEADER = '# a comment\n@problemName own\n@timeStamps false\n@classLabel true no yes\n@data\n';
const TRAIN = `${HEADER}1,2,3:4,5,6:yes\n-1,.5,1e1:7,8,9:no\n`;

function read(train: string, test = TRAIN, options?: ChannelSeriesOptions): Dataset {
  return channelSeriesDataset(
    'own',
    {
      train: { file: 'train.ts', bytes: Buffer.from(train) },
      test: { file: 'test.ts', bytes: Buffer.from(test) },
    },
    options,
  );
}

describe('series of the UEA archive', () => {
  it('are sequences of the numbers of all channels, with the classes of the header', () => {
    const { train, shape, classes, validation } = read(TRAIN);
    expect(shape).toEqual({ kind: 'sequence', steps: 3, of: vector(2) });
    expect(rowsOf(train.features)).toEqual([
      [1, 4, 2, 5, 3, 6],
      [-1, 7, 0.5, 8, 10, 9],
    ]);
    expect([classes, [...train.labels]]).toEqual([
      ['no', 'yes'],
      [1, 0],
    ]);
    expect(validation).toBeUndefined();
  });

  it('have the classes that occur in training where the header names none, numbers ascending', () => {
    const bare = '@classLabel true\n@data\n1:10\n2:9\n3:10\n';
    expect(read(bare, '@data\n5:9\n').classes).toEqual(['9', '10']);
  });

  it('of different lengths are cut to the last steps', () => {
    const unequal = `${HEADER}1,2,3:4,5,6:yes\n8,9:6,7:no\n`;
    const { train, test, shape } = read(unequal, TRAIN, { window: 2 });
    expect(shape).toEqual({ kind: 'sequence', steps: 2, of: vector(2) });
    expect(rowsOf(train.features)).toEqual([
      [2, 5, 3, 6],
      [8, 6, 9, 7],
    ]);
    expect(rowsOf(test.features)[1]).toEqual([0.5, 8, 10, 9]);
  });

  it('of one length stay whole: a window is the run’s business', () => {
    expect(read(TRAIN, TRAIN, { window: 2 }).shape).toMatchObject({ steps: 3 });
  });

  it.each([
    [
      'different lengths',
      `${HEADER}1,2:3,4:yes\n1:2:no\n`,
      'train.ts: line 7: a series of 1 steps, but line 6 has 2: say how many of the last steps to use (--window 1',
    ],
    [
      'channels of different length',
      `${HEADER}1,2:3:yes\n`,
      'train.ts: line 6: channel 2 has 1 steps, but channel 1 has 2',
    ],
    [
      'channels of different number',
      `${HEADER}1:2:yes\n1:no\n`,
      'train.ts: line 7: 1 channels, but line 6 of train.ts has 2',
    ],
    [
      'a missing value',
      `${HEADER}1,?:2,3:yes\n1,2:3,4:no\n`,
      'train.ts: line 6, channel 1, step 2: a missing value (?)',
    ],
    [
      'NaN',
      `${HEADER}1,2:2,NaN:yes\n1,2:3,4:no\n`,
      'train.ts: line 6, channel 2, step 2: "NaN", expected a finite number',
    ],
    [
      'an unknown class',
      `${HEADER}1:2:maybe\n1:2:no\n`,
      'train.ts: line 6: "maybe" is none of the 2 classes that line 4 of train.ts names',
    ],
    ['one class', '@classLabel true only\n@data\n1:only\n', 'train.ts: line 1: one class, expected two'],
    ['one class that occurs', '@data\n1:a\n2:a\n', 'train.ts: all samples are of one class'],
    ['a class alone', `${HEADER}yes\n`, 'train.ts: line 6: a class, but no series before a colon'],
    ['time stamps', '@timeStamps true\n@data\n(0,1):a\n', 'train.ts: line 1: series with time stamps'],
    [
      'targets',
      '@targetLabel true\n@data\n1:0.5\n',
      'train.ts: line 1: @targetLabel true: expected series with classes',
    ],
    ['no data', '@problemName own\n1:2:3\n', 'train.ts: has no line @data'],
    [
      'a line in the header',
      '@problemName own\n1:2:3\n@data\n',
      'train.ts: line 2: "1:2:3", expected a line that begins with @',
    ],
    ['no series', HEADER, 'train.ts: holds no series'],
  ])('are refused for %s', async (_, train, problem) => {
    const error = await errorOf(() => read(train, train));
    expect([error.name, error.message]).toEqual(['DataError', expect.stringContaining(problem)]);
  });

  it('name the file and the line of a series that is shorter than the window', async () => {
    const short = `${HEADER}1:2:yes\n`;
    expect((await errorOf(() => read(TRAIN, short, { window: 2 }))).message).toBe(
      'test.ts: line 6: a series of 1 steps, shorter than the window of 2',
    );
    expect((await errorOf(() => read(TRAIN, short))).message).toContain(
      'test.ts: line 6: a series of 1 steps, but line 6 of train.ts has 3',
    );
  });
});
