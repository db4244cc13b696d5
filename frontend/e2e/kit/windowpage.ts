import { expect, type Page } from "@playwright/test";

/**
 * Makes a browser's page the one of Callin's own window: the methods of its door are there as Wails binds them,
 * and its events come as Wails sends them. build/test's callin-bridge is at the other end.
 */
export async function bindWindow(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const listeners = new Map<string, Set<(data: unknown) => void>>();
    const call = async (method: string, args: unknown[]) => {
      const answer = await fetch(`/bridge/call/${method}`, { method: "POST", body: JSON.stringify(args) });
      if (!answer.ok) throw new Error(await answer.text());
      return answer.json();
    };
    const Door = new Proxy(
      {},
      {
        get:
          (_, method: string) =>
          (...args: unknown[]) =>
            call(method, args),
      },
    );
    Object.assign(window, {
      go: { window: { Door } },
      runtime: {
        EventsOn(name: string, listener: (data: unknown) => void) {
          const of = listeners.get(name) ?? new Set();
          listeners.set(name, of.add(listener));
          return () => of.delete(listener);
        },
      },
    });
    void (async () => {
      const events = await fetch("/bridge/events");
      const lines = events.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (let part = await lines?.read(); part && !part.done; part = await lines?.read()) {
        const whole = (text + part.value).split("\n");
        text = whole.pop() ?? "";
        for (const line of whole) {
          const { name, data } = JSON.parse(line);
          for (const listener of listeners.get(name) ?? []) listener(data);
        }
      }
    })();
  });
}

/** What a page says of itself. */
interface Said {
  /** Somebody has pressed something there. */
  pressed: boolean;
  /** How a browser is with sound that a page makes before it has the microphone. */
  before: { context: string; element: string };
  tones: number[];
  /** What its phone's panel says. */
  phone: string;
  /** How many sounds play, and why calls do not: the SDK's own sounds are silence. */
  playing: number;
  refused: string[];
}

/**
 * Has a page say what it hears, without being asked: whatever Playwright asks of a page counts as a press there,
 * after which all sound may play.
 */
export async function listen(
  page: Page,
): Promise<(what: string, holds: (said: Said) => boolean) => Promise<void>> {
  let said: Said | undefined;
  page.on("console", (message) => {
    const [, text] = /^heard: (.*)/.exec(message.text()) ?? [];
    if (text) said = JSON.parse(text) as Said;
  });
  await page.addInitScript(() => {
    const begun = new Set<HTMLMediaElement>();
    const refused: string[] = [];
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () {
      begun.add(this);
      const playing = play.call(this);
      if (this.srcObject) playing.catch((error) => refused.push(String(error)));
      return playing;
    };
    const before = (async () => {
      const context = new AudioContext();
      await new Promise((soon) => setTimeout(soon, 50));
      const samples = new Uint8Array(8044).fill(128);
      const header =
        "RIFF\x64\x1f\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\x40\x1f\0\0";
      for (let n = 0; n < header.length; n++) samples[n] = header.charCodeAt(n);
      const sound = new Audio(URL.createObjectURL(new Blob([samples], { type: "audio/wav" })));
      const element = await play.call(sound).then(
        () => "played",
        (error: DOMException) => error.name,
      );
      return { context: context.state, element };
    })();
    setInterval(async () => {
      const { callinPhone } = window as unknown as { callinPhone?: { remoteTones(): number[] } };
      const heard = (it: HTMLMediaElement) => !it.paused && !it.muted && it.volume > 0 && it.currentTime > 0;
      const now = {
        pressed: navigator.userActivation.hasBeenActive,
        before: await before,
        tones: callinPhone?.remoteTones() ?? [],
        phone: document.querySelector("[aria-label=Phone]")?.textContent ?? "",
        playing: [...begun].filter(heard).length,
        refused,
      };
      console.log(`heard: ${JSON.stringify(now)}`);
    }, 200);
  });
  return (what, holds) =>
    expect
      .poll(() => (said && holds(said) ? "so" : JSON.stringify(said)), { message: what, timeout: 15_000 })
      .toBe("so");
}
