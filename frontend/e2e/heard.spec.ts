import type { Page } from "@playwright/test";
import { Desk } from "./kit/desk";
import { Signalling } from "./kit/line";
import { long } from "./kit/long";
import { expect, test } from "./kit/test";

/** What a screen reader says of a page's live regions, in order; what interrupts is marked. */
async function listenTo(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    const live: Record<string, string> = { alert: "assertive", status: "polite", log: "polite" };
    const liveness = (at: Element) => at.getAttribute("aria-live") ?? live[at.getAttribute("role") ?? ""];
    const regionOf = (node: Node): Element | undefined => {
      for (let at = node instanceof Element ? node : node.parentElement; at; at = at.parentElement) {
        if (at.getAttribute("aria-hidden") === "true") return undefined;
        if (liveness(at)) return liveness(at) === "off" ? undefined : at;
      }
      return undefined;
    };
    const textOf = (node: Node): string => {
      if (node instanceof Text) return node.data;
      if (!(node instanceof Element) || node.getAttribute("aria-hidden") === "true") return "";
      const name = node.matches("button") && node.getAttribute("aria-label");
      return name || [...node.childNodes].map(textOf).join(" ");
    };
    new MutationObserver((changes) => {
      const heard = new Map<Node, Element>();
      for (const change of changes) {
        const nodes = change.type === "childList" ? [...change.addedNodes] : [change.target];
        for (const node of nodes) {
          const inner = node instanceof Element ? [...node.querySelectorAll("[role], [aria-live]")] : [];
          for (const region of [regionOf(node), ...inner.map(regionOf)]) {
            if (!region) continue;
            const atomic =
              region.getAttribute("aria-atomic") ??
              `${/alert|status/.test(region.getAttribute("role") ?? "")}`;
            heard.set(atomic === "true" || !region.contains(node) ? region : node, region);
          }
        }
      }
      for (const [node, region] of heard) {
        const text = textOf(node).replaceAll(/\s+/g, " ").trim();
        if (node.isConnected && text) said.push((liveness(region) === "assertive" ? "! " : "") + text);
      }
    }).observe(document, { childList: true, characterData: true, subtree: true });
  });
  return () => page.evaluate(() => (window as unknown as { said: string[] }).said);
}

/** What is said of the phone on its way to the line, in a time of its own, and of a closing that may be over at once. */
const onItsWay = /^(Not connected|Connecting|Connected, |Lost, trying|The show is closing\.)/;

/** What is said where the processor is so busy that sound breaks up. */
const brokenUp =
  /^(No sound from the line$|! ▲ No sound comes from the line\.|▲ Connection to the rehearsal )/;

/** What is said of the show itself, and of the phone but that it is on the line again after sound broke up. */
function ofTheShow(said: string[]): string[] {
  let phone = "";
  return said.filter((sentence) => {
    const before = phone;
    if (/ the line$|^Twilio is not reached/.test(sentence)) phone = sentence;
    const again = sentence === "On the line" && brokenUp.test(before);
    return !again && !brokenUp.test(sentence) && !onItsWay.test(sentence);
  });
}

test("a whole show as a screen reader says it", async ({ house, page }) => {
  const transcript = await listenTo(page);
  const signalling = await Signalling.of(page, 2);
  const desk = new Desk(page, house.url);
  await desk.openOnLine();
  let heard = 0;
  /** Waits until these sentences are said, and nothing else. */
  const says = async (...sentences: (string | RegExp)[]) => {
    const since = async () => ofTheShow(await transcript()).slice(heard);
    await expect
      .poll(since)
      .toEqual(sentences.map((s) => (typeof s === "string" ? s : expect.stringMatching(s))));
    heard += sentences.length;
  };
  const press = async (key: string) => {
    await page.waitForTimeout(300); // letters that come faster are a word
    await page.keyboard.press(key);
  };
  /** The same key again at once would be one press, doubled. */
  const again = async (key: string) => {
    await page.waitForTimeout(900);
    await press(key);
  };

  await says("On the line");
  const ana = await house.ring();
  await says("Ana rings. 1 waiting, next Ana.");
  const ben = await house.ring();
  await says("Ben rings. 2 waiting, next Ana.");

  await press("q");
  await says(/^Next is Ana, waiting \d+ seconds?\.$/);
  await press("F1");
  await says("Ana on air.");
  await press("F6");
  await says("Ana on hold.");
  await again("F6");
  await says("Ana back on air.");
  await press("F10");
  await says("Ana dropped. Undo within 3 seconds.");
  await press("u");
  await says("Ana back on air.");
  await press("a");
  await says(/^Ana on air for \d+ seconds?\.$/);

  await press("h");
  await says("Nobody is selected: ↑ ↓ choose a caller.");
  await press("ArrowDown");
  await press("l");
  await says("Ana locked.");
  await expect(desk.button("Next")).toBeEnabled(); // it does something else now, and a busy machine shows that late
  await press("F1");
  await says("Ben on air.");
  await press("w");
  await says("Nobody is waiting.");
  await ben.hangUp();
  await says("! Ben, on air, hung up.");
  await press("m");
  await says("The microphone is muted.");
  await again("m");
  await says("The microphone is on.");

  await signalling.lose();
  await says("Twilio is not reached, sound goes on…");
  await desk.is(ana, "on hold");
  // The phone's own reason and the desk's alert come by two ways.
  await says(
    /^! ▲ (The phone was lost|Twilio was out of reach)/,
    /^! ▲ (The phone was lost|Twilio was out of reach)/,
  );
  expect(await transcript()).toContain("! ▲ The phone was lost. Ana is on hold. Bring the caller back");
  signalling.comeBack();
  await says("On the line");
  await press("b");
  await says("Ana back on air.");

  await press("o");
  await again("o");
  await says("The show closes in 3 seconds. Until then it can be kept open.");
  await says("The show is closed.");
});

test(
  "a Twilio that is not reached is said once, however often the phone tries again",
  long,
  async ({ house, page }) => {
    const transcript = await listenTo(page);
    await house.stage.request("PUT", "/stage/faults", { no_signalling: { for_seconds: 60 } });
    const desk = new Desk(page, house.url);
    await desk.open();
    await expect.poll(transcript).toContainEqual(expect.stringMatching(/cannot reach Twilio/));
    await page.waitForTimeout(8_000);
    const said = (await transcript()).map((s) => s.replace(/ \(Twilio \d+\)/, ""));
    expect(said.filter((s, i) => said.indexOf(s) !== i)).toEqual([]);
  },
);
