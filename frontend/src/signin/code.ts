/** Six digits on their own, or in two groups of three; each place where they may begin is looked at. */
const six = /(?<!\d)(?=(\d{3}[\s–-]?\d{3})(?!\d))/g;

/** The code that a text has: its six digits, or those of one kind that stand together; undefined if it is not clear which. */
export function codeIn(text: string): string | undefined {
  const digits = text.replace(/\D/g, "");
  if (digits.length === 6) return digits;
  const found = new Set([...text.matchAll(six)].map(([, code = ""]) => code.replace(/\D/g, "")));
  return found.size === 1 ? [...found][0] : undefined;
}
