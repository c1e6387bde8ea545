import * as noble from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** A SHA-256 hash in the making. Node's `createHash('sha256')` is one, too. */
export interface Sha256 {
  /** Takes in more bytes. */
  update(bytes: Uint8Array): unknown;
  /** Ends it: 32 bytes. */
  digest(): Uint8Array;
}

let create: () => Sha256 = () => noble.sha256.create();

/** A hash over many bytes, by the host's implementation if it has provided one. */
export function createSha256(): Sha256 {
  return create();
}

/**
 * Puts a faster implementation in the place of plain JavaScript's 200 MB/s. It changes no hash: for hosts, once, before
 * data is loaded.
 */
export function provideSha256(implementation: () => Sha256): void {
  create = implementation;
}

/** SHA-256 of a short text, as UTF-8, or of bytes: 32 bytes in a buffer of their own. */
export function sha256(contents: Uint8Array | string): Uint8Array {
  return noble.sha256(typeof contents === 'string' ? utf8ToBytes(contents) : contents);
}

/** A digest as hexadecimal digits. */
export function hex(digest: Uint8Array): string {
  return bytesToHex(digest);
}
