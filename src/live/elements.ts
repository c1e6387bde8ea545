/** An element of the page's own HTML. @throws Error when the page lacks it */
export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found as Kind;
}

/** A new element with attributes and what is in it. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** The colour that a variable of the style sheet has now, light or dark chosen, as a canvas takes it. */
export function colour(name: string): string {
  const probe = element('i', { style: `color: var(${name})`, hidden: '' });
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** The drawing side of a canvas. */
export function contextOf(canvas: HTMLCanvasElement, isRead = false): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', { willReadFrequently: isRead });
  if (!context) throw new Error('this browser draws on no canvas');
  return context;
}

/** How many series have a colour of their own. */
export const SERIES = 6;

/** The colour of a series: those of all figures, a little stronger on light and lighter on dark ground where lines need it. */
export function seriesColour(i: number): string {
  return colour(`--series-${i % SERIES}`);
}
