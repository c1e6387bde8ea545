import { expect, it } from 'vitest';
import { smallSvg } from '../../../src/node/printing/small-svg.js';

it('leaves out of an SVG what nobody sees', () => {
  const svg =
    '<svg class="main-svg" xmlns="http://www.w3.org/2000/svg" style="" viewBox="0 0 9 9"><g class="layers"><g class="fills"/>' +
    '<g id="empty"><g style="opacity: 1;"></g></g></g>' +
    '<g class="trace" style="stroke-miterlimit: 2; opacity: 1;"><path class="point" d="M0,0" style="opacity: 0.5; fill-opacity: 0; stroke-opacity: 1; fill: none;"/>' +
    '<text class="legendtext" x="1" data-unformatted="opacity: 1" style="font-size: 13px;">opacity: 1 class="b"</text></g></svg>';
  expect(smallSvg(svg)).toBe(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">' +
      '<g style="stroke-miterlimit: 2"><path d="M0,0" style="opacity: 0.5;fill-opacity: 0;fill: none"/>' +
      '<text x="1" style="font-size: 13px">opacity: 1 class="b"</text></g></svg>',
  );
});
