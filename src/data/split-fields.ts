const QUOTED = /^\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(?:,|$)/;

/**
 * The fields of a line between commas, white space around them left out. A field that begins with a quote, ' or ", goes to the next of its
 * kind; a backslash in it takes the character behind it as it is.
 * @param refusal - what is thrown for a quote that does not close, or is followed by anything but a comma
 */
export function splitFields(line: string, refusal: () => Error): string[] {
  if (!/['"]/.test(line)) return line.split(',').map((field) => field.trim());
  const fields: string[] = [];
  let rest = line;
  for (;;) {
    const quoted = QUOTED.exec(rest);
    if (!quoted && /^\s*['"]/.test(rest)) throw refusal();
    const end = quoted ? quoted[0].length : fieldEnd(rest);
    const field = quoted ? (quoted[1] ?? quoted[2]).replace(/\\(.)/g, '$1') : rest.slice(0, end);
    fields.push((quoted ? field : field.replace(/,$/, '')).trim());
    const isLast = end === rest.length && !rest.endsWith(',');
    if (isLast) return fields;
    rest = rest.slice(end);
  }
}

/** Behind the next comma. */
function fieldEnd(text: string): number {
  const comma = text.indexOf(',');
  return comma < 0 ? text.length : comma + 1;
}
