import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { savedFiles } from '../../../src/node/printing/saved-files.js';
import { toMimeBundle } from '../../../src/notebook/mime-bundle.js';

afterEach(() => vi.unstubAllEnvs());

describe('files that were saved', () => {
  const files = ['results/a&b/x y.svg', 'results/a&b/x y.pdf', '../p=0.46.json', path.resolve('here.csv')];

  it('are an ordinary array of paths', () => {
    const saved = savedFiles(files);
    expect(saved).toStrictEqual(files);
    expect(Object.keys(saved)).toEqual(['0', '1', '2', '3']);
    expect(structuredClone(saved)).toStrictEqual(files);
  });

  it('show as links from the working directory, a line for each name', () => {
    expect(toMimeBundle(savedFiles(files))['text/html']).toBe(
      [
        '<div>results/a&amp;b/ <a href="results/a%26b/x%20y.svg">x y.svg</a> <a href="results/a%26b/x%20y.pdf">x y.pdf</a></div>',
        '<div>../ <a href="../p%3D0.46.json">p=0.46.json</a></div>',
        '<div><a href="here.csv">here.csv</a></div>',
      ].join('\n'),
    );
  });

  it('show as links from where the executed notebook will lie', () => {
    vi.stubEnv('XNORLAB_LINKS_FROM', path.resolve('results'));
    expect(toMimeBundle(savedFiles(files.slice(0, 1)))['text/html']).toBe(
      '<div>a&amp;b/ <a href="a%26b/x%20y.svg">x y.svg</a></div>',
    );
  });
});
