const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** An integer in raised digits: `⁻¹²`. */
export function superscript(integer: number): string {
  return [...String(integer)].map((digit) => SUPERSCRIPTS[Number(digit)] ?? '⁻').join('');
}
