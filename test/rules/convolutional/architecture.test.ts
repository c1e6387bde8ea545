import { describe, expect, it } from 'vitest';
import { vector } from '../../../src/core/shape.js';
import { sizesOf } from '../../../src/rules/convolutional/architecture.js';
import { inOrder, learnerOf, lines, problemOf, ruleOf } from './helpers.js';

const RESNET_18 = {
  blocks: [64, 64, 128, 128, 256, 256, 512, 512],
  convolutions: 2,
  stemKernel: 7,
  stemStride: 2,
  stemPool: true,
};
const image = (channels: number, side: number) =>
  ({ kind: 'image', channels, height: side, width: side }) as const;

describe('the sizes of a network', () => {
  it('are those of ResNet-18 for its options', () => {
    const { stem, pooled, blocks, last } = sizesOf(RESNET_18, image(3, 224));
    expect([stem.to.height, pooled.height, last.height]).toEqual([112, 56, 7]);
    expect(blocks.map(([first, second]) => [first.stride, second.stride, second.to.height])).toEqual([
      [1, 1, 56],
      [1, 1, 56],
      [2, 1, 28],
      [1, 1, 28],
      [2, 1, 14],
      [1, 1, 14],
      [2, 1, 7],
      [1, 1, 7],
    ]);
  });

  it('give ResNet-18 its number of weights', () => {
    const { parameters } = ruleOf({ name: 'float-conv', ...RESNET_18 }).describe(
      problemOf(image(3, 224), 1000),
    );
    // torchvision counts 11,689,512 parameters, 9,600 of them of batch normalization and 1,000 biases of the read-out.
    const weights = 11_689_512 - 9_600 - 1_000;
    // Ours are before convolutions: of the inputs of all 16, of the first convolution and of 3 shortcuts; a slope for each output.
    const inputs = [64, 64, 64, 64, 64, 128, 128, 128, 128, 256, 256, 256, 256, 512, 512, 512];
    const outputs = [64, 64, 64, 64, 128, 128, 128, 128, 256, 256, 256, 256, 512, 512, 512, 512];
    const total = (widths: readonly number[]): number => widths.reduce((a, b) => a + b, 0);
    const norms = 2 * (total(inputs) + 64 + 128 + 256 + 512);
    expect(parameters).toBe(weights + norms + 64 + total(outputs));
  });

  it('have maps of half the size where channels change, however odd they are', () => {
    const options = { blocks: [2, 3, 3], convolutions: 1, stemKernel: 3, stemStride: 1, stemPool: false };
    const { blocks, last } = sizesOf(options, { kind: 'image', channels: 1, height: 7, width: 5 });
    expect(blocks.flat().map(({ to, stride }) => [to.height, to.width, stride])).toEqual([
      [7, 5, 1],
      [4, 3, 2],
      [4, 3, 1],
    ]);
    expect(last).toEqual({ height: 4, width: 3 });
  });

  it('need images', () => {
    for (const name of ['float-conv', 'qat-conv', 'real-to-binary'] as const) {
      expect(() => ruleOf({ name, blocks: [4] }).describe(problemOf(vector(64)))).toThrow(
        "input: expected images, on which a convolutional network works, got '64'",
      );
    }
  });
});

describe('the memory of a network', () => {
  it('is told by arithmetic, however large, also before there is an image', () => {
    for (const name of ['float-conv', 'qat-conv', 'real-to-binary'] as const) {
      const rule = ruleOf({ name, blocks: [1e6, 1e6], stemKernel: 1001 });
      for (const input of [vector(1), image(3, 10_000)]) {
        const parts = rule.memory(problemOf(input));
        const weights = parts.find(({ what }) => what === 'weights [1000000, 9000000]');
        expect(weights, name).toMatchObject({ path: ['rule', 'blocks'], matrixBytes: 4 * 9e12 });
      }
    }
  });
});

describe('the layout of ResNet-18', () => {
  it('builds, and takes a step on small pictures', async () => {
    const problem = { ...problemOf(image(1, 8)), batchSize: 2 };
    const options = { name: 'real-to-binary', ...RESNET_18, schedule: 'direct', teacher: false } as const;
    const learner = await learnerOf(options, problem);
    expect(learner.parameters).toBeGreaterThan(10e6);
    const before = learner.saveState()['layer-17/weights'];
    const { loss } = await learner.trainEpoch(inOrder(lines(2, 'resnet'), 2));
    expect(loss).toBeGreaterThan(0);
    expect(learner.saveState()['layer-17/weights']).not.toEqual(before);
    await learner.dispose();
  }, 60_000);
});
