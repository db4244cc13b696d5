/** The browser as a person has it. */
export const whole = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** The same engine without a surface of its own, where it is installed: a fifth less work for the processor. */
export const headless = process.env.CHROMIUM_HEADLESS ?? whole;
