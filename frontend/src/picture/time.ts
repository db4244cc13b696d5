const whole = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const short = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

/** The time of day as this person's language has it, in this computer's own zone. */
export const timeOfDay = (ms: number): string => whole.format(ms);

/** The same without its seconds. */
export const hoursAndMinutes = (ms: number): string => short.format(ms);
