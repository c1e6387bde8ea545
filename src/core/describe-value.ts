const SHOWN_CHARACTERS = 80;
const SHOWN_ITEMS = 8;
const SHOWN_LEVELS = 2;

/**
 * A short rendering of any value on one line, for an error message: `2.5`, `'text'`, `[ 1, 2 ]`, `{ a: { b: 1 } }`. Long texts,
 * long lists and what lies deeper than two levels are cut.
 */
export function describeValue(value: unknown): string {
  const text = render(value, SHOWN_LEVELS);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function render(value: unknown, levels: number): string {
  // No more than can be shown: what comes may be of any size.
  if (typeof value === 'string') return quoted(value.slice(0, 2 * SHOWN_CHARACTERS));
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'function') return value.name ? `[Function: ${value.name}]` : '[Function (anonymous)]';
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Promise) return 'a Promise: is `await` missing?';
  if (value instanceof Error) return `[${value.name}: ${value.message}]`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  const name = value.constructor?.name ?? 'Object';
  if (isList(value)) return renderList(value, name, levels);
  if (levels === 0) return `[${name}]`;
  const shown = Object.entries(value).slice(0, SHOWN_CHARACTERS);
  const entries = shown.map(([key, item]) => `${keyText(key)}: ${render(item, levels - 1)}`);
  return `${name === 'Object' ? '' : `${name} `}${bracketed('{', entries, '}')}`;
}

function isList(value: object): value is ArrayLike<unknown> & object {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function renderList(list: ArrayLike<unknown>, name: string, levels: number): string {
  if (levels === 0) return `[${name}]`;
  const items = Array.from({ length: Math.min(list.length, SHOWN_ITEMS) }, (_, i) =>
    render(list[i], levels - 1),
  );
  const more = list.length - items.length;
  if (more > 0) items.push(`... ${more} more item${more === 1 ? '' : 's'}`);
  return `${name === 'Array' ? '' : `${name}(${list.length}) `}${bracketed('[', items, ']')}`;
}

function bracketed(open: string, items: readonly string[], close: string): string {
  return items.length === 0 ? `${open}${close}` : `${open} ${items.join(', ')} ${close}`;
}

function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
}

/** In single quotes, or in double ones where that saves a backslash; control characters escaped. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}
