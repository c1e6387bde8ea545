const [PLUS, MINUS, POINT, ZERO, UPPER_E, LOWER_E] = [0x2b, 0x2d, 0x2e, 0x30, 0x45, 0x65];

/** A whole number of so many digits is exact in 32 bits, and in a float64. */
const HEAD_DIGITS = 9;
const EXACT_DIGITS = 15;

/** Powers of ten that are exact in a float64. */
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** Farther exponents tell nothing more. */
const LARGEST_EXPONENT = 9999;

/**
 * Decimal numbers within the bytes of a file, as Math.fround(Number(text)) gives them, without making a text of each.
 *
 * m · 10^e with a whole m of at most 15 digits and |e| ≤ 22 is one operation on two exact numbers, so it is rounded once, as Number
 * rounds it. Of more digits, the first 15 give a lower and, one more in the last, an upper bound. Rounding keeps order: where both
 * round to the same float32, so does the number between them. Only what remains, one in millions, is made a text of.
 */
export class DecimalReader {
  /** Where the number that was read ends, or what is no number begins. */
  end = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /**
   * Reads the number that begins at `at` and writes it to target[index]: a number that is returned would be an object each time.
   * @returns false where none begins there, or float32 cannot hold it
   */
  read(at: number, target: Float32Array, index: number): boolean {
    const { bytes } = this;
    const { length } = bytes;
    const start = at;
    const isNegative = at < length && bytes[at] === MINUS;
    if (isNegative || (at < length && bytes[at] === PLUS)) at++;
    const first = at;
    // The digits of m from the first that is not 0, in two whole numbers of 32 bits.
    let head = 0;
    let tail = 0;
    let digits = 0;
    let cut = 0;
    let point = -1;
    for (; at < length; at++) {
      const digit = bytes[at] - ZERO;
      if (digit >>> 0 > 9) {
        if (digit !== POINT - ZERO || point >= 0) break;
        point = at;
      } else if (digits < HEAD_DIGITS) {
        head = (Math.imul(head, 10) + digit) | 0;
        if (head !== 0) digits++;
      } else if (digits < EXACT_DIGITS) {
        tail = (Math.imul(tail, 10) + digit) | 0;
        digits++;
      } else {
        cut++;
      }
    }
    this.end = at;
    const decimals = point < 0 ? 0 : at - point - 1;
    if (at - first === (point < 0 ? 0 : 1)) return false;
    let exponent = cut - decimals;
    if (at < length && (bytes[at] === LOWER_E || bytes[at] === UPPER_E)) {
      const power = this.#exponent(at + 1);
      if (Number.isNaN(power)) return false;
      exponent += power;
    }
    const mantissa = digits <= HEAD_DIGITS ? head : head * POWERS[digits - HEAD_DIGITS] + tail;
    if (exponent < -22 || exponent > 22) return this.#readText(start, target, index);
    const lower = scaled(mantissa, exponent);
    if (cut > 0 && lower !== scaled(mantissa + 1, exponent)) return this.#readText(start, target, index);
    target[index] = isNegative ? -lower : lower;
    return true;
  }

  /** What follows an e; NaN where that is no whole number. */
  #exponent(at: number): number {
    const { bytes } = this;
    const { length } = bytes;
    const isNegative = at < length && bytes[at] === MINUS;
    if (isNegative || (at < length && bytes[at] === PLUS)) at++;
    const first = at;
    let exponent = 0;
    for (; at < length; at++) {
      const digit = bytes[at] - ZERO;
      if (digit < 0 || digit > 9) break;
      if (exponent < LARGEST_EXPONENT) exponent = exponent * 10 + digit;
    }
    this.end = at;
    if (at === first) return Number.NaN;
    return isNegative ? -exponent : exponent;
  }

  #readText(start: number, target: Float32Array, index: number): boolean {
    target[index] = Number(new TextDecoder().decode(this.bytes.subarray(start, this.end)));
    return Number.isFinite(target[index]);
  }
}

/** Of a whole mantissa of at most 10^15, rounded to float64 and then to float32. */
function scaled(mantissa: number, exponent: number): number {
  return Math.fround(exponent < 0 ? mantissa / POWERS[-exponent] : mantissa * POWERS[exponent]);
}
