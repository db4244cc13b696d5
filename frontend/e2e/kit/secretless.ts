import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Fails if a secret is in what was printed, or in a file of a data folder that is not there for secrets. */
export async function secretless(secrets: string[], data: string, printed: string[]): Promise<void> {
  const said = printed.filter((line) => secrets.some((secret) => line.includes(secret)));
  const found = said.map((line) => `printed: ${line.slice(0, 80)}`);
  for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === "kept.json" || entry.parentPath.endsWith("secrets")) continue;
    const path = join(entry.parentPath, entry.name);
    const text = await readFile(path, "latin1");
    if (secrets.some((secret) => text.includes(secret))) found.push(path);
  }
  if (found.length > 0) throw new Error(`a secret is in ${found.join(", ")}`);
}
