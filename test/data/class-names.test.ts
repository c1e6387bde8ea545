import { describe, expect, it } from 'vitest';
import { classesOfNumbers, classesOfTexts, numberNumbers, numberTexts } from '../../src/data/class-names.js';

const labels = (...texts: string[]) => ({ file: 'f', texts, placeOf: (i: number) => `line ${i + 2}` });

describe('classes of labels', () => {
  it('are numbers, ascending, where all labels are whole numbers from 0, and only those that occur', () => {
    expect(classesOfTexts(labels('10', '9', '1', '9'))).toEqual(['1', '9', '10']);
    expect(classesOfNumbers([255, 0, 0, 255], 'f')).toEqual(['0', '255']);
    expect([...numberNumbers([255, 0], ['0', '255'], 'f')]).toEqual([1, 0]);
  });

  it('are names in code-unit order if any is none', () => {
    expect(classesOfTexts(labels('b', 'a', 'ä', '1'))).toEqual(['1', 'a', 'b', 'ä']);
    expect([...numberTexts(labels('ä', '1'), ['1', 'a', 'b', 'ä'])]).toEqual([3, 0]);
  });

  it.each([
    ...[
      '',
      '?',
      '-',
      '.',
      'NA',
      'na',
      'N/A',
      'NaN',
      'nan',
      '-nan',
      'NULL',
      'null',
      'None',
      '<NA>',
      '#N/A',
      'missing',
    ],
  ])('%j stands for a missing value, not for a class', (token) => {
    const message = `f: line 3: ${JSON.stringify(token)} in the place of a class: a missing value?`;
    expect(() => classesOfTexts(labels('cat', token, 'dog'))).toThrow(message);
    expect(() => classesOfTexts(labels('0', token, '1'))).toThrow(message);
    expect(() => numberTexts(labels('cat', token), ['cat', 'dog'])).toThrow(message);
  });

  it.each<[string, string, string, string]>([
    ['case', 'cat', 'Cat', '"cat" and "Cat"'],
    ['white space', 'ice cream', 'ice  cream', '"ice cream" and "ice  cream"'],
    ['white space left out', 'ice cream', 'icecream', '"ice cream" and "icecream"'],
    ['Unicode form', 'café', 'cafe\u0301', '"caf\\u{e9}" and "cafe\\u{301}"'],
    ['width of letters', 'cat', '\uff43at', '"cat" and "\uff43at"'],
    ['an invisible letter', 'cat', 'c\u200bat', '"cat" and "c\\u{200b}at"'],
    ['a soft hyphen', 'cat', 'c\u00adat', '"cat" and "c\\u{ad}at"'],
    ['a no-break space', 'ice cream', 'ice\u00a0cream', '"ice cream" and "ice\\u{a0}cream"'],
    ['how a number is written', '1', '1.0', '"1" and "1.0"'],
    ['leading zeros', '01', '1', '"01" and "1"'],
  ])('that differ in %s are refused, and both named', (_, one, other, named) => {
    expect(() => classesOfTexts(labels('z', one, other))).toThrow(
      `f: line 4: the classes ${named} look alike. Give them one name if they are one class`,
    );
  });

  it.each([
    ['a', 'b'],
    ['-1', '1'],
    ['<=50K', '>50K'],
    ['cat', 'cats'],
    ['e', 'é'],
    ['0.5', '0.25'],
  ])('%s and %s are two', (one, other) => {
    expect(classesOfTexts(labels(one, other))).toHaveLength(2);
  });

  it('that are all the same are refused, numbers and names', () => {
    const message = 'f: all samples are of one class, expected two';
    expect(() => classesOfTexts(labels('1', '1'))).toThrow(message);
    expect(() => classesOfTexts(labels('cat', 'cat'))).toThrow(message);
    expect(() => classesOfNumbers(Uint8Array.of(7, 7, 7), 'f')).toThrow(message);
  });

  it('as many as in a column of measurements are refused', () => {
    const texts = Array.from({ length: 70_000 }, (_, i) => `x${i}`);
    expect(() => classesOfTexts(labels(...texts.slice(0, 100)))).not.toThrow();
    expect(() => classesOfTexts({ ...labels(), texts })).toThrow(
      'f: 70000 different labels: more than 65536 classes. Another column?',
    );
    expect(() => classesOfTexts(labels('0', '65536'))).toThrow(
      'f: line 3: label 65536, expected a class number in [0, 65535]',
    );
  });

  it('that training never showed are refused, with the one that they resemble', () => {
    expect(() => numberTexts(labels('cat', 'Dog'), ['cat', 'dog'])).toThrow(
      'f: line 3: "Dog" is none of the 2 training classes; it looks like "dog", but is another text',
    );
    expect(() => numberTexts(labels('cow'), ['cat', 'dog'])).toThrow(
      /"cow" is none of the 2 training classes$/,
    );
    expect(() => numberNumbers([0, 2], ['0', '1'], 'f')).toThrow(
      'f: position 1 (counted from 0): label 2 is none of the 2 training classes',
    );
  });
});
