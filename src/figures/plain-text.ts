const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** A text that Plotly shows as it is. As they come, it takes `<s>` and `<b>` for markup, and `&amp;` for a sign. */
export function plainText(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}
