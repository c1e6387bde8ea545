import { checkInteger, checkLength } from '../core/check.js';

/**
 * How often each class is taken for each.
 * @param labels - true class numbers in [0, classes)
 * @param predictions - as many, of the same samples
 * @param classes - number of classes, at least 1
 * @returns [classes][classes]; row: true class, column: predicted class
 * @throws ArgumentError for a number that is no class, and lists of different lengths
 */
export function confusionCounts(labels: Int32Array, predictions: Int32Array, classes: number): number[][] {
  checkInteger('classes', classes, 1);
  checkLength('predictions', predictions, labels.length);
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  labels.forEach((label, i) => {
    checkInteger(`labels[${i}]`, label, 0, classes - 1);
    checkInteger(`predictions[${i}]`, predictions[i], 0, classes - 1);
    counts[label][predictions[i]]++;
  });
  return counts;
}
