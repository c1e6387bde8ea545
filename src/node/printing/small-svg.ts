/** Values that an element has anyway, as Plotly sets others on those alone that are drawn and never on a group around them. */
const DEFAULTS = ['vector-effect: none', 'opacity: 1', 'stroke-opacity: 1', 'fill-opacity: 1'];

/**
 * The same drawing in about half of the bytes: without classes, which are for scripts and style sheets, values that are the default, and
 * groups with nothing in them.
 * @param svg - of Plotly
 */
export function smallSvg(svg: string): string {
  let small = svg.replaceAll(/<[a-z][^>]*>/gi, smallTag);
  for (let before = ''; before !== small; ) {
    before = small;
    small = small.replaceAll(/<g(?: [^>]*)?(?:\/>|><\/g>)/g, '');
  }
  return small;
}

function smallTag(tag: string): string {
  return tag
    .replaceAll(/ (?:class|data-[\w-]+)="[^"]*"/g, '')
    .replace(/ style="([^"]*)"/, (_, style: string) => {
      const told = style.split(/; ?/).filter((each) => each !== '' && !DEFAULTS.includes(each));
      return told.length === 0 ? '' : ` style="${told.join(';')}"`;
    });
}
