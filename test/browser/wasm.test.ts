import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Int32Matrix } from '../../src/core/int-matrix.js';
import { RandomStream } from '../../src/core/random.js';
import { referenceKernels } from '../../src/kernels/reference.js';
import { launchBrowser } from '../../src/node/printing/browser.js';
import { SOURCES, transpile } from '../kernels/transpiled-sources.js';

const MODULE_FILE = path.join(SOURCES, '../dist/kernels/wasm/kernels.wasm');

/** The containers print values in their error messages with Node's `inspect`. */
const PAGE = `<!doctype html><script type="importmap">
  {"imports": {"node:util": "data:text/javascript,export const inspect = String;"}}
</script>`;

/** Compares, in the page, a product with the one that was computed here. */
const PRODUCT = `(async ({ inputs, weights, columns }) => {
  const { instantiateWasmKernels } = await import('/src/kernels/wasm/instance.js');
  const bytes = new Uint8Array(await (await fetch('/kernels.wasm')).arrayBuffer());
  const kernels = await instantiateWasmKernels(bytes);
  const { rowWords } = kernels.bitMatrix(0, columns);
  const [a, b] = [inputs, weights].map((words) => {
    const matrix = kernels.bitMatrix(words.length / rowWords, columns);
    matrix.words.set(words);
    return matrix;
  });
  const out = kernels.int32Matrix(a.rows, b.rows);
  kernels.product(a, b, out);
  kernels.int32Matrix(5000, 1000);
  return { description: kernels.description, isIsolated: crossOriginIsolated, values: Array.from(out.values) };
})`;

describe('the wasm backend in a browser', () => {
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
    if (!existsSync(MODULE_FILE)) throw new Error('run `node src/kernels/wasm/build.mjs` first');
    server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const source = pathname.match(/^\/src\/([\w/-]+)\.js$/)?.[1];
      if (pathname === '/kernels.wasm') response.end(readFileSync(MODULE_FILE));
      else if (source) {
        response.setHeader('content-type', 'text/javascript').end(transpile(`${source}.ts`, 'esm'));
      } else response.setHeader('content-type', 'text/html').end(PAGE);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await launchBrowser();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it('computes the same product, without cross-origin isolation', async () => {
    const random = RandomStream.named(1, 'browser');
    const [inputs, weights] = [random.signs(7, 784), random.signs(33, 784)];
    const expected = new Int32Matrix(7, 33);
    referenceKernels.product(inputs, weights, expected);

    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const operands = { inputs: Array.from(inputs.words), weights: Array.from(weights.words), columns: 784 };
    const answer = await page.evaluate(`${PRODUCT}(${JSON.stringify(operands)})`);
    expect(answer).toEqual({
      description: 'wasm (SIMD, 1 thread)',
      isIsolated: false,
      values: Array.from(expected.values),
    });
  }, 60_000);
});
