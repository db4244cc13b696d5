/** The time of day in 24 hours, in this computer's own zone. */
export function timeOfDay(ms: number): string {
  const at = new Date(ms);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((n) => String(n).padStart(2, "0")).join(":");
}

/** The same without its seconds. */
export const hoursAndMinutes = (ms: number): string => timeOfDay(ms).slice(0, 5);
