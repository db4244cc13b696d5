/** Sound devices of known makers, as lanes can use them. Which they are is told by their names alone. */

/** A maker's devices, and which of them are whose, by the order of their names. */
interface Maker {
  name: string;
  devices: RegExp;
  /** The order of those that have no number, the first one for the first lane. */
  order?: RegExp[];
  /** Whether what is played into the first output comes out of the first input: then returns are the further ones. */
  cables?: boolean;
}

const makers: Maker[] = [
  { name: "Livewire", devices: /\b(axia|livewire)\b/i },
  { name: "Dante", devices: /\b(dante|dvs)\b/i },
  // Main carries all of the console; calls come on Chat and on the second computer's.
  {
    name: "RØDECaster",
    devices: /r[øo]decaster/i,
    order: [/chat/i, /secondary/i, /main|stereo/i, /virtual/i],
  },
  // Its buses B are for programs, its buses A for sound cards.
  { name: "Voicemeeter", devices: /voicemeeter/i, order: [/\bB\d\b/] },
  { name: "VB-Cable", devices: /vb-audio.*cable/i, cables: true },
];

/** The devices of one lane. */
export interface Pair {
  output: string;
  return: string;
}

/** What can be filled in: the maker, and a pair for each lane as far as there are devices. */
export interface Preset {
  name: string;
  pairs: Pair[];
}

/** What there is for so many lanes, by the names of all outputs and inputs of this computer. */
export function presets(lanes: number, outputs: string[], inputs: string[]): Preset[] {
  return makers.flatMap(({ name, devices, order = [], cables }) => {
    const of = (names: string[]) => names.filter((n) => devices.test(n)).sort(by(order));
    const [plays, hears] = [of(outputs), of(inputs)];
    const skipped = cables ? Math.min(lanes, Math.floor(plays.length / 2)) : 0;
    const count = Math.min(lanes, cables ? skipped : plays.length, hears.length - skipped);
    const pairs = Array.from({ length: Math.max(0, count) }, (_, lane) => ({
      output: plays[lane] ?? "",
      return: hears[lane + skipped] ?? "",
    }));
    return pairs.length ? [{ name, pairs }] : [];
  });
}

/** By the maker's order, then by numbers as people count: 2 before 10. */
function by(order: RegExp[]) {
  const rank = (name: string) => {
    const at = order.findIndex((each) => each.test(name));
    return at < 0 ? order.length : at;
  };
  return (a: string, b: string) => rank(a) - rank(b) || a.localeCompare(b, "en", { numeric: true });
}
