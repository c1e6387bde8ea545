import { createHash } from 'node:crypto';
import type { Figure } from '../../figures/figure.js';
import { figureSvg } from './export.js';
import { smallSvg } from './small-svg.js';

/**
 * A figure as SVG that says of which figure it is, so that a check needs no browser and compares no pixels.
 * @throws EnvironmentError when there is no browser
 */
export async function markedSvg(figure: Figure): Promise<string> {
  return `${smallSvg(await figureSvg(figure))}\n${figureMark(figure)}\n`;
}

/** What `markedSvg` writes at the end: the same for figures that Plotly draws alike. */
export function figureMark({ data, layout }: Figure): string {
  // Last digits may depend on the processor.
  const json = JSON.stringify({ data, layout }, (_name, part: unknown) => {
    if (ArrayBuffer.isView(part)) return Array.from(part as unknown as ArrayLike<number>, Number);
    return typeof part === 'number' ? Number(part.toPrecision(9)) : part;
  });
  return `<!-- figure ${createHash('sha256').update(json).digest('hex')} -->`;
}
