/**
 * sign(x) = +1 if x ≥ 0, −1 otherwise. The one place that settles sign(0) = +1.
 *
 * Hidden weights are odd and never meet the case; pre-activations of an even number of inputs do.
 */
export function sign(x: number): 1 | -1 {
  return x >= 0 ? 1 : -1;
}
