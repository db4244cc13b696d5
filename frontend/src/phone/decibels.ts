/** What no sound is: the floor of all levels, in dBFS. */
export const silence = -100;

/** The level of a mean power, in dBFS of RMS: of samples between -1 and 1, squared. */
export const levelOf = (power: number): number => Math.max(silence, 10 * Math.log10(power));

/** What a sample is multiplied with to be so many dB louder. */
export const gainOf = (decibels: number): number => 10 ** (decibels / 20);
