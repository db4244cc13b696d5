import { expect, type Page } from "@playwright/test";
import type { Card, Picture } from "../../src/backend/contract";
import type { Desk } from "./desk";
import type { Caller } from "./stage";
import { folded, type Viewer } from "./viewer";

/** Keeps what comes in a page's feeds, beside the page that reads them; made before the page is opened. */
export async function keepFeeds(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const feeds: string[] = [];
    Object.assign(window, { feeds });
    const real = window.fetch;
    window.fetch = async (input, init) => {
      const response = await real(input, init);
      if (!String(input).startsWith("/api/feed") || !response.ok || !response.body) return response;
      const [forPage, kept] = response.body.tee();
      const at = feeds.push("") - 1;
      const keeps = new WritableStream<string>({
        write: (text) => {
          feeds[at] += text;
        },
      });
      // It ends with the page's own.
      kept
        .pipeThrough(new TextDecoderStream())
        .pipeTo(keeps)
        .catch(() => {});
      return new Response(forPage, response);
    };
  });
}

/** Desks of one station, which are to agree on what is the case. */
export class Desks {
  constructor(
    private readonly viewer: Viewer,
    private readonly pages: Desk[],
    private readonly callers: Caller[],
  ) {}

  /** Waits until all hold the fact that is the station's last one, and the same of it. */
  async agree(): Promise<void> {
    let station: Picture | undefined;
    let held: Picture[] = [];
    const numbers = async () => {
      station = await this.viewer.asks();
      held = await Promise.all([this.viewer.holds(), ...this.pages.map(holds)]);
      const at = [station, ...held].map(({ seq }) => seq);
      return new Set(at).size === 1 ? "all at one" : at.join(" ");
    };
    await expect.poll(numbers, { message: "the last fact of each", intervals: [40] }).toBe("all at one");
    for (const picture of held)
      expect(facts(picture), `what ${picture.you} holds`).toEqual(
        facts(station as Picture, studiosOf(picture)),
      );
    for (const page of this.pages) {
      await expect(async () => {
        const [is, picture] = await Promise.all([shown(page, this.callers), holds(page)]);
        expect(is, `what is shown to ${picture.you}`).toEqual(stands(picture, is.studio, this.callers));
      }).toPass({ timeout: 15_000, intervals: [40] });
    }
  }
}

const holds = async (desk: Desk): Promise<Picture> =>
  folded(await desk.page.evaluate(() => (window as unknown as { feeds: string[] }).feeds));

const studiosOf = ({ desks, you }: Picture): string[] => desks.find(({ id }) => id === you)?.studios ?? [];

/** The numbered facts in a picture; if studios are named, those that a desk of these is to see. */
function facts(of: Picture, studios?: string[]) {
  const is = (id: string) => studios?.includes(id) ?? true;
  const inThese = ({ studio }: { studio: string }) => is(studio);
  const ofOthers = of.studios.filter(({ id }) => !is(id)).map(({ line }) => line);
  const lines = of.lines.filter(({ name }) => !ofOthers.includes(name));
  return {
    seq: of.seq,
    studios: of.studios.filter(({ id }) => is(id)),
    lines: Object.fromEntries(lines.map((line) => [line.name, line])),
    cards: Object.fromEntries(of.cards.filter(inThese).map((card) => [card.call, card])),
    chat: of.chat.filter(inThese),
    voicemail: of.voicemail.filter(inThese),
  };
}

/** Who stands in which list of a desk, by name, and how if not as usual. */
interface Shown {
  studio: string;
  air: string[];
  ready: string[];
  toScreen: string[];
  mine: string[];
  others: string[];
}

/** Who stands in which list as a picture has it. */
function stands(picture: Picture, studio: string, callers: Caller[]): Shown {
  const is = picture.studios.find(({ id }) => id === studio);
  const own = `desk-${picture.you}`;
  const cards = picture.cards.filter((card) => card.studio === studio);
  const at = (test: (place: Card["place"]) => boolean) => cards.filter(({ place }) => test(place));
  const names = (list: Card[]) =>
    list.map(({ call, locked, place }) => {
      const name = callers.find(({ sid }) => sid === call)?.name ?? call;
      return `${name}${locked ? ", locked" : ""}${place.state === "held" ? ", held" : ""}`;
    });
  const waits = (queue?: string) =>
    names(at(({ kind, name }) => kind === "queue" && name === queue).sort((a, b) => a.rank - b.rank));
  return {
    studio,
    air: names(at(({ kind, name }) => kind === "line" && name === is?.line)).sort(),
    ready: waits(is?.show.queues[0]),
    toScreen: waits(is?.show.queues[1]),
    mine: names(at(({ kind, name }) => kind === "line" && name === own)),
    others: names(at(({ kind, name }) => kind === "line" && /^desk-/.test(name ?? "") && name !== own)),
  };
}

/** Who stands in which list on a page: by the row's call, or its name where rows have none. */
async function shown(desk: Desk, callers: Caller[]): Promise<Shown> {
  const named = callers.map(({ name, sid }) => ({ name, sid }));
  return desk.page.evaluate((all) => {
    const rows = (...panels: string[]) => {
      const sections = panels.flatMap((name) => [
        ...document.querySelectorAll(`section[aria-label="${name}"]`),
      ]);
      const found = sections.flatMap((section) =>
        [...section.querySelectorAll<HTMLElement>("li, article")].flatMap((row) => {
          const { call } = row.dataset;
          const title = row.querySelector("b")?.textContent?.trim();
          const is = all.find(({ name, sid }) => (call ? sid === call : name === title));
          if (!is) return [];
          const text = row.textContent ?? "";
          return `${is.name}${/\blocked\b/.test(text) ? ", locked" : ""}${/on hold|Resume/i.test(text) ? ", held" : ""}`;
        }),
      );
      return [...new Set(found)];
    };
    return {
      studio: document.querySelector<HTMLSelectElement>("select[aria-label=Studio]")?.value ?? "",
      air: rows("On air").sort(),
      ready: rows("Ready"),
      toScreen: rows("To screen"),
      mine: rows("With you, off air"),
      others: rows("Ready in a moment", "With others"),
    };
  }, named);
}
