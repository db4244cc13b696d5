import { parse } from "svelte/compiler";
import { expect, test } from "vitest";

interface Rule {
  importer: string;
  imported: string;
  /** On either side: who may, or what may be imported, after all. */
  but?: string;
  reason: string;
}

/**
 * Who must not import whom, and why. Patterns are separated by spaces: a folder
 * or file below src ("src" for any of them), or "npm:" and the beginning of a
 * package's name. A folder may always import itself.
 */
const forbidden: Rule[] = [
  {
    importer: "src",
    imported: "main Room.svelte",
    but: "main",
    reason: "main puts the page together; what is put together must not know how",
  },
  {
    importer: "parts",
    imported: "src",
    reason: "every room shares the parts, so they know no room, no call and no way to Callin",
  },
  {
    importer: "backend",
    imported: "src",
    reason: "the doors to Callin do not know who asks and what is shown of the answers",
  },
  {
    importer: "picture",
    imported: "src",
    but: "backend/contract",
    reason: "the picture follows from what Callin says, whichever door it came by and whoever looks at it",
  },
  {
    importer: "phone",
    imported: "desk picture",
    reason: "the phone is a Device and its sound; who uses it and which calls are on it are a room's to know",
  },
  {
    importer: "desk",
    imported: "producer manager setup signin doctor",
    reason: "the host's desk is given what stands beside it, and knows no other room",
  },
  {
    importer: "producer",
    imported: "manager setup signin doctor backend",
    but: "backend/contract",
    reason: "a producer asks by way of the desk",
  },
  {
    importer: "manager",
    imported: "producer setup signin doctor backend phone",
    but: "backend/contract",
    reason: "a manager asks by way of the desk, and talks to no caller",
  },
  {
    importer: "setup",
    imported: "producer manager signin doctor backend phone",
    but: "backend/contract backend/backend",
    reason:
      "a set-up asks by way of the desk and shows at each field why it was refused, and talks to no caller",
  },
  {
    importer: "doctor",
    imported: "producer manager setup signin backend",
    but: "backend/contract",
    reason: "a doctor asks by way of the desk, looks at its phone, and knows no room",
  },
  {
    importer: "signin",
    imported: "desk producer manager setup doctor picture phone",
    reason: "who is at the door is shown nothing of the station",
  },
  {
    importer: "src",
    imported: "npm:@twilio/ npm:voice-sdk/",
    but: "phone",
    reason: "one folder knows Twilio's Voice SDK, which is large and loaded only when there is a phone",
  },
  {
    importer: "src",
    imported: "npm:uplot",
    but: "desk/plot",
    reason: "one file draws charts by uPlot, which is loaded only when one is shown",
  },
];

/** The files below src by their paths, and what they import: such a path, or npm: and a package's. */
const files = Object.entries(
  import.meta.glob<string>("./**/*.{ts,svelte}", { query: "?raw", import: "default", eager: true }),
).map(([at, text]) => {
  const isSvelte = at.endsWith(".svelte");
  const imports = importsIn(isSvelte ? text : `<script lang="ts">${text}\n</script>`);
  return { path: below(at, "./"), imports: imports.map((written) => below(written, at)) };
});

test("imports follow the arrows", () => {
  const wrong = files.flatMap(({ path, imports }) =>
    imports
      .filter((imported) => folder(imported) !== folder(path) || imported === "main")
      .flatMap((imported) =>
        forbidden
          .filter((rule) => matches(rule.importer, path) && matches(rule.imported, imported))
          .filter(({ but = "" }) => !matches(but, path) && !matches(but, imported))
          .map(({ reason }) => `${path} imports ${imported}, but ${reason}`),
      ),
  );
  expect(wrong).toEqual([]);
});

test("no folder needs itself by way of another", () => {
  const arrows = new Map<string, Set<string>>();
  for (const { path, imports } of files) {
    const to = imports.filter((imported) => !imported.startsWith("npm:")).map(folder);
    arrows.set(folder(path), new Set([...(arrows.get(folder(path)) ?? []), ...to]));
  }
  const circles = (way: string[]): string[] =>
    [...(arrows.get(way.at(-1) ?? "") ?? [])]
      .filter((next) => next !== way.at(-1))
      .flatMap((next) => {
        if (next === way[0]) return [[...way, next].join(" → ")];
        return way.includes(next) ? [] : circles([...way, next]);
      });
  expect([...arrows.keys()].flatMap((start) => circles([start]))).toEqual([]);
});

test("the rules name what there is, and every folder", () => {
  const patterns = forbidden.flatMap(({ importer, imported, but = "" }) => [
    ...words(importer),
    ...words(imported),
    ...words(but),
  ]);
  const there = files.flatMap(({ path, imports }) => [path, ...imports]);
  expect(patterns.filter((pattern) => !there.some((path) => matches(pattern, path)))).toEqual([]);
  const folders = new Set(files.map(({ path }) => folder(path)));
  const named = new Set(["src", ...patterns.map((pattern) => pattern.replace(/\/.*/, ""))]);
  expect([...folders].filter((name) => !named.has(name))).toEqual([]);
});

test("an import is seen in every way that it can be written", () => {
  const text = `
    <script lang="ts">
      import type { A } from "./a"; // import "./no"
      import "./b";
      export type { C } from "./c";
      export * from "./d";
      type E = import("./e").E;
      const f = () => import("./f");
      const no = 'import "./no"';
    </script>
    {#await import("./g")}import "./no"{/await}`;
  expect(importsIn(text).sort()).toEqual(["./a", "./b", "./c", "./d", "./e", "./f", "./g"]);
  expect(() => importsIn("{#await import(room)}{/await}")).toThrow("written out");
});

/** What a Svelte file imports, as it is written there. */
function importsIn(text: string): string[] {
  const found: string[] = [];
  const look = (node: unknown) => {
    if (typeof node !== "object" || node === null) return;
    const { type, source, argument } = node as Record<string, { value?: unknown } | string | null>;
    const from = type === "TSImportType" ? argument : source;
    const written = typeof from === "object" ? from?.value : undefined;
    if (typeof written === "string") found.push(written);
    else if (type === "ImportExpression") throw new Error("an import must be written out to be judged");
    Object.values(node).forEach(look);
  };
  look(parse(text, { modern: true }));
  return found;
}

/** Where an import of the file leads: a path below src without .ts, or a package. */
function below(written: string, file: string): string {
  if (!/^[./]/.test(written)) return `npm:${written}`;
  const { pathname } = new URL(written, new URL(file, "file:///src/"));
  return pathname.replace(/^\/src\//, "").replace(/\.ts$/, "");
}

/** The folder below src that a path is in, src for a file of its own, or a package. */
function folder(path: string): string {
  if (path.startsWith("npm:")) return path;
  return path.includes("/") ? path.replace(/\/.*/, "") : "src";
}

const words = (patterns: string): string[] => patterns.split(" ").filter(Boolean);

function matches(patterns: string, path: string): boolean {
  return words(patterns).some((pattern) => {
    if (path.startsWith("npm:")) return path.startsWith(pattern);
    return pattern === "src" || path === pattern || path.startsWith(`${pattern}/`);
  });
}
