import type { Layout, PlotData } from 'plotly.js';
import { largest, smallest } from '../core/extremes.js';

/** A name at the right end of a line. */
export interface EndLabel {
  readonly text: string;
  /** Where the line ends. */
  readonly y: number;
  readonly color: string;
}

/** What two neighbouring labels keep free, as a part of the axis. */
const GAP = 0.07;

const PADDING = 0.05;

/**
 * Names at the ends of lines, in the lines' colours, moved apart where they would overlap. They are the ticks of a
 * second y axis: so the margin makes room for them at any size of text.
 * @param values - everything that the panel shows, for the range of the axis
 */
export function directLabels(
  labels: readonly EndLabel[],
  values: readonly number[],
): { yaxis: Partial<Layout['yaxis']>; yaxis2: Partial<Layout['yaxis']>; trace: Partial<PlotData> } {
  const low = smallest(values);
  const high = largest(values);
  const span = high - low || 1;
  const range = [low - PADDING * span, high + PADDING * span];
  const ordered = labels.toSorted((a, b) => a.y - b.y);
  return {
    yaxis: { range },
    yaxis2: {
      range,
      overlaying: 'y',
      matches: 'y',
      side: 'right',
      showgrid: false,
      showline: false,
      ticks: '',
      ticklabelstandoff: 3,
      tickmode: 'array',
      tickvals: spread(
        ordered.map(({ y }) => y),
        GAP * (range[1] - range[0]),
      ),
      ticktext: ordered.map(({ text, color }) => label(text, color)),
    } as Partial<Layout['yaxis']>,
    // Plotly draws an axis only where a trace uses it.
    trace: { type: 'scatter', mode: 'none', x: [null], y: [null], yaxis: 'y2', showlegend: false },
  };
}

function label(text: string, color: string): string {
  return `<span style="color:${color}">${text}</span>`;
}

const LABEL = /^<span style="color:(#[^"]*)">(.*)<\/span>$/s;

/** The colour of a label; undefined for a tick that is none. */
export function labelColor(tick: string): string | undefined {
  return LABEL.exec(tick)?.[1];
}

/** The name in a label. */
export function labelText(tick: string): string {
  return LABEL.exec(tick)?.[2] ?? tick;
}

/** A label in the new colour of its series, if it has one. */
export function recoloured(tick: string, colours: ReadonlyMap<string, string>): string {
  const text = labelText(tick);
  return label(text, colours.get(text) ?? labelColor(tick) ?? '#000');
}

/** Where labels stand when the axis has another range: no nearer to each other than their size allows. */
export function movedLabels(positions: readonly number[], [low, high]: readonly [number, number]): number[] {
  return spread(positions, GAP * (high - low));
}

/**
 * Moves ascending positions as little as it takes to keep `gap` between them: crowded ones become a block around
 * their common mean.
 */
export function spread(positions: readonly number[], gap: number): number[] {
  const blocks: { middle: number; size: number }[] = [];
  for (const position of positions) {
    let block = { middle: position, size: 1 };
    for (let last = blocks.at(-1); last !== undefined; last = blocks.at(-1)) {
      if (block.middle - last.middle >= (gap * (block.size + last.size)) / 2) break;
      blocks.pop();
      const size = block.size + last.size;
      block = { middle: (block.middle * block.size + last.middle * last.size) / size, size };
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ middle, size }) =>
    Array.from({ length: size }, (_, i) => middle + (i - (size - 1) / 2) * gap),
  );
}
