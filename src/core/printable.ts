/**
 * What a terminal would act on in place of showing it: control characters but line feed and tab, and those that turn the direction
 * of a text around.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const ACTED_ON = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A text as a terminal may be given it: what it would act on is written as JSON escapes it, `\u001b`. */
export function printable(text: string): string {
  return text.replace(ACTED_ON, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
