/** What the page is heard through: the computer's chosen sound output, as the browser lists them. */

export interface Output {
  id: string;
  label: string;
  group: string;
}

/**
 * gone: it is there no more, and now another one is used. nothing: there is no
 * other. moved: it is there, but another one is used. perhaps: one has gone, and
 * the browser does not say which one is used.
 */
export type OutputTroubleKind = "gone" | "nothing" | "moved" | "perhaps";

export interface OutputTrouble {
  kind: OutputTroubleKind;
  was: string;
  /** What is used now, where that is known. */
  now?: string | undefined;
}

/** Names that stand for another device of the list. */
const names = ["default", "communications"];

/** The outputs that there are by themselves. */
export const devices = (all: Output[]): Output[] => all.filter((o) => !names.includes(o.id));

/** The one that is the computer's choice; undefined where the browser does not say. */
export function inUse(all: Output[]): Output | undefined {
  const choice = all.find((o) => o.id === "default");
  const real = devices(all);
  if (real.length === 1) return real[0];
  return (
    real.find((o) => choice?.label.endsWith(` - ${o.label}`)) ??
    real.find((o) => o.group && o.group === choice?.group)
  );
}

/** Follows the list of outputs. */
export class OutputJudge {
  #all: Output[] = [];
  /** The one that somebody has begun with or said to be right; undefined where that is not known. */
  #right: Output | undefined;
  /** What has gone while it was not known what is used. */
  #gone: Output[] = [];
  trouble: OutputTrouble | undefined;

  /** Takes the list in as it is now. Of a browser that lists none nothing can be told. */
  look(all: Output[]) {
    if (this.#all.length === 0) this.#right = inUse(all);
    if (!this.#right) this.#gone = [...this.#gone, ...devices(this.#all)].filter((o) => !isIn(all, o));
    if (all.length > 0 || this.#right || this.#gone.length > 0) this.trouble = this.#judge(all);
    if (all.length > 0) this.#all = all;
  }

  /** What is used now is right. */
  accept() {
    this.#right = inUse(this.#all);
    this.#gone = [];
    this.trouble = undefined;
  }

  #judge(all: Output[]): OutputTrouble | undefined {
    const was = this.#right ?? this.#gone[0];
    if (!was) return undefined;
    const now = inUse(all);
    if (all.length === 0) return { kind: "nothing", was: was.label };
    if (!this.#right) return { kind: "perhaps", was: was.label };
    if (!isIn(all, was)) return { kind: "gone", was: was.label, now: now?.label };
    return now && now.id !== was.id ? { kind: "moved", was: was.label, now: now.label } : undefined;
  }
}

const isIn = (all: Output[], one: Output): boolean => all.some((o) => o.id === one.id);

/** What is wrong, and the way back. */
export function outputWords({ kind, was, now }: OutputTrouble): string {
  const back = "Plug it in again, or choose another one in this computer's settings";
  switch (kind) {
    case "nothing":
      return `Your sound output is gone: ${was}. You hear nobody. ${back}; it is then used by itself.`;
    case "gone":
      return `Your sound output is gone: ${was}. You hear through ${now ?? "another one"} now. ${back}, or keep this one.`;
    case "moved":
      return `You hear through ${now} now, and not through ${was}. Choose that in this computer's settings, or keep this one.`;
    case "perhaps":
      return `A sound output is gone: ${was}. If you listened through it: ${back.charAt(0).toLowerCase()}${back.slice(1)}.`;
  }
}
