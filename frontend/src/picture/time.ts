/** A length as m:ss or h:mm:ss, rounded down to whole seconds; never negative. */
export function clockLength(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = `${two(minutes)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

/** The time of day in 24 hours, in this computer's own zone. */
export function timeOfDay(ms: number): string {
  const at = new Date(ms);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((n) => String(n).padStart(2, "0")).join(":");
}

/** The same without its seconds. */
export const hoursAndMinutes = (ms: number): string => timeOfDay(ms).slice(0, 5);
