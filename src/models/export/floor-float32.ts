/**
 * The largest 32-bit float that is not above `value`. A 32-bit float x is above the one exactly where it is above the other, so that
 * thresholds of 64 bits may be written as these.
 */
export function floorFloat32(value: number): number {
  const nearest = Math.fround(value);
  return nearest <= value ? nearest : nextBelow(nearest);
}

function nextBelow(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  // Floats of one sign are ordered as their bits are.
  if (value === 0) view.setUint32(0, 0x80000001);
  else view.setUint32(0, view.getUint32(0) + (value > 0 ? -1 : 1));
  return view.getFloat32(0);
}
