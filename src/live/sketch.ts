import { contextOf } from './elements.js';

/** Pixels along one side of the pad; the line is drawn fine and then made coarse. */
const PAD = 280;
const LINE = 24;

/** What MNIST has: digits in 20 × 20 pixels, their centre of mass in the middle of 28 × 28. */
const BOX = 20;
const SIDE = 28;

/** Of what a pixel is covered, 0 to 255, to be taken as drawn. */
const COVERED = 48;

/** A pad to draw a digit on, which gives it in the form of MNIST. */
export class Sketch {
  readonly #canvas: HTMLCanvasElement;
  readonly #small: HTMLCanvasElement;
  readonly #onDrawn: (pixels: Uint8Array) => void;
  #isAsked = false;

  constructor(canvas: HTMLCanvasElement, onDrawn: (pixels: Uint8Array) => void) {
    this.#canvas = canvas;
    this.#onDrawn = onDrawn;
    this.#small = document.createElement('canvas');
    canvas.width = PAD;
    canvas.height = PAD;
    this.#small.width = SIDE;
    this.#small.height = SIDE;
    let last: { readonly x: number; readonly y: number } | undefined;
    const placeOf = (event: PointerEvent): { x: number; y: number } => {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      return { x: ((event.clientX - left) * PAD) / width, y: ((event.clientY - top) * PAD) / height };
    };
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      last = placeOf(event);
      this.line(last, last);
    });
    canvas.addEventListener('pointermove', (event) => {
      if (!last) return;
      const next = placeOf(event);
      this.line(last, next);
      last = next;
    });
    for (const kind of ['pointerup', 'pointercancel'] as const) {
      canvas.addEventListener(kind, () => {
        last = undefined;
      });
    }
  }

  clear(): void {
    contextOf(this.#canvas).clearRect(0, 0, PAD, PAD);
  }

  /** Draws from place to place, in pixels of the pad. */
  line(
    from: { readonly x: number; readonly y: number },
    to: { readonly x: number; readonly y: number },
  ): void {
    const context = contextOf(this.#canvas);
    context.strokeStyle = getComputedStyle(this.#canvas).color;
    context.lineWidth = LINE;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    if (this.#isAsked) return;
    this.#isAsked = true;
    requestAnimationFrame(() => {
      this.#isAsked = false;
      const pixels = this.#pixels();
      if (pixels) this.#onDrawn(pixels);
    });
  }

  /** 255 where something is drawn, [28 · 28]; undefined for an empty pad. */
  #pixels(): Uint8Array | undefined {
    const { data } = contextOf(this.#canvas, true).getImageData(0, 0, PAD, PAD);
    let [left, right, top, bottom] = [PAD, -1, PAD, -1];
    let [mass, sumX, sumY] = [0, 0, 0];
    for (let y = 0; y < PAD; y++) {
      for (let x = 0; x < PAD; x++) {
        const alpha = data[4 * (y * PAD + x) + 3];
        if (alpha === 0) continue;
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
        mass += alpha;
        sumX += alpha * (x + 0.5);
        sumY += alpha * (y + 0.5);
      }
    }
    if (mass === 0) return undefined;
    const scale = BOX / Math.max(right - left + 1, bottom - top + 1);
    const context = contextOf(this.#small, true);
    context.clearRect(0, 0, SIDE, SIDE);
    context.imageSmoothingQuality = 'high';
    const x = SIDE / 2 - (scale * sumX) / mass;
    const y = SIDE / 2 - (scale * sumY) / mass;
    context.drawImage(this.#canvas, x, y, PAD * scale, PAD * scale);
    const small = context.getImageData(0, 0, SIDE, SIDE).data;
    return Uint8Array.from({ length: SIDE * SIDE }, (_, i) => (small[4 * i + 3] > COVERED ? 255 : 0));
  }
}
