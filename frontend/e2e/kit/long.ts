/** Details of a test that `build/test --long` takes alone: a variant of another, or one that takes minutes. */
export const long = { tag: "@long" };
