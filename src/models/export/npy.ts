import type { ExportedArray } from './exported-network.js';

const PREFIX_BYTES = 10;
/** Where elements begin: at a multiple of this, as NumPy writes it. */
const ALIGNMENT = 64;

/** An array as a .npy file, version 1.0 of its format. */
export function encodeNpy({ shape, values }: ExportedArray): Uint8Array {
  return npy(typeOf(values), shape, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

/** A text as a .npy file that holds a single string. */
export function encodeNpyText(text: string): Uint8Array {
  const codes = Uint32Array.from(text, (character) => character.codePointAt(0) ?? 0);
  return npy(`<U${codes.length}`, [], new Uint8Array(codes.buffer));
}

function npy(type: string, shape: readonly number[], elements: Uint8Array): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const description = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const unpadded = PREFIX_BYTES + description.length + 1;
  const header = `${description.padEnd(description.length + -unpadded + Math.ceil(unpadded / ALIGNMENT) * ALIGNMENT)}\n`;
  const bytes = new Uint8Array(PREFIX_BYTES + header.length + elements.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), PREFIX_BYTES);
  bytes.set(elements, PREFIX_BYTES + header.length);
  return bytes;
}

function typeOf(values: ExportedArray['values']): string {
  if (values instanceof Uint8Array) return '|u1';
  if (values instanceof Int32Array) return '<i4';
  return values instanceof Float32Array ? '<f4' : '<f8';
}
