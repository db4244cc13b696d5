import { expect } from "@playwright/test";
import type { Desk } from "./desk";
import { absentMs, type Caller, near, pollMs, type Stage } from "./stage";

/** A person at a desk: who they are, and the pilot tone of their voice. */
export interface Talker {
  name: string;
  hz: number;
  desk: Desk;
}

/** The ears of everybody in a show, callers and desks, by name. */
export class Ears {
  constructor(
    private readonly stage: Stage,
    private readonly talkers: Talker[],
    private readonly callers: Caller[],
  ) {}

  /**
   * Waits until those of each group hear all others of it, `also` is heard one way, and nobody hears
   * anybody else for a while.
   */
  async hear(groups: string[][], also: [who: string, whom: string][] = []): Promise<void> {
    const pairs = groups.flatMap((group) =>
      group.flatMap((who) => group.filter((whom) => whom !== who).map((whom) => `${who} hears ${whom}`)),
    );
    const wanted = new Set([...pairs, ...also.map(([who, whom]) => `${who} hears ${whom}`)]);
    let quiet = Date.now();
    let heard = new Set<string>();
    const differs = async () => {
      const now = await this.now();
      const wrong = now.filter((it) => !wanted.has(it));
      if (wrong.length) {
        quiet = Date.now();
        heard = new Set();
      }
      for (const it of now) heard.add(it);
      const missing = [...wanted].filter((it) => !heard.has(it)).map((it) => `not: ${it}`);
      return Date.now() - quiet > absentMs ? missing : [...missing, ...wrong, "…"];
    };
    await expect.poll(differs, { message: "who hears whom", intervals: [pollMs] }).toEqual([]);
  }

  private async now(): Promise<string[]> {
    const voices = [...this.talkers, ...this.callers];
    const [states, ...tones] = await Promise.all([
      this.stage.callers(),
      ...this.talkers.map(({ desk }) => desk.tones()),
    ]);
    const ears = [
      ...this.talkers.map(({ name }, at) => ({ name, tones: tones[at] ?? [] })),
      ...this.callers.map(({ name, sid }) => ({
        name,
        tones: states.find((state) => state.call_sid === sid)?.hearing.tones ?? [],
      })),
    ];
    return ears.flatMap((ear) =>
      voices.filter(({ hz }) => near(ear.tones, hz)).map(({ name }) => `${ear.name} hears ${name}`),
    );
  }
}
