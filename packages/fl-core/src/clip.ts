/** ‖x‖₂ in double precision. */
export function l2Norm(x: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += x[i]! * x[i]!;
  return Math.sqrt(squares);
}

/** The factor min(1, C/‖x‖₂) that brings x into the ball of radius C (McMahan et al. 2018, flat clipping). */
export function clipFactor(norm: number, clip: number): number {
  return norm > clip ? clip / norm : 1;
}
