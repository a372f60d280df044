// Times as people read them.

/** Milliseconds as text with three digits or so: `41 µs`, `2.4 ms`, `350 ms`, `2.5 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1) return `${digits(milliseconds * 1000)} µs`;
  if (milliseconds < 1000) return `${digits(milliseconds)} ms`;
  return `${digits(milliseconds / 1000)} s`;
}

/** A number with as many decimals as make two or three digits. */
export function digits(value: number): string {
  return value.toFixed(value < 1 ? 2 : value < 10 ? 1 : 0);
}
