/** Details of a test that `build/test --long` takes alone: a variant of another, or one that takes minutes. */
export const long = { tag: "@long" };

/**
 * Details of a test with sound devices, which has the machine to itself: sound breaks up where others take the processor,
 * and then there is some of every tone everywhere.
 */
export const devices = { tag: "@devices" };
export const longDevices = { tag: [devices.tag, long.tag] };
