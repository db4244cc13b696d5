import type { Page } from "@playwright/test";

/** A Call SID for a made-up card. */
export const sid = (n: number) => `CA${n.toString(16).padStart(32, "0")}`;

/** Gives the page a feed of a picture that Callin knows nothing of; made before the page is opened. */
export async function madeFeed(page: Page, picture: unknown): Promise<void> {
  await page.addInitScript(
    (events) => {
      const real = window.fetch;
      window.fetch = async (input, init) => {
        if (!String(input).startsWith("/api/feed")) return real(input, init);
        const text = new TextEncoder();
        const start = (feed: ReadableStreamDefaultController<Uint8Array>) => {
          const tell = (event: string, data: unknown) =>
            feed.enqueue(text.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
          for (const [event, data] of events) tell(event, data);
          const feeds = ((window as { feeds?: number }).feeds ?? 0) + 1;
          Object.assign(window, { tell, feeds, endFeed: () => feed.close() });
        };
        return new Response(new ReadableStream({ start }));
      };
    },
    [
      ["picture", picture],
      ["stage", { callers: [], more: 0 }],
    ] as [string, unknown][],
  );
}

/** Says a change of the feed. */
export const change = (page: Page, data: unknown): Promise<void> =>
  page.evaluate((d) => (window as unknown as { tell(e: string, d: unknown): void }).tell("change", d), data);

/** What a person's presses have asked for, in order; each is answered, or refused as `refuse` says. */
export async function operations(
  page: Page,
  refuse: (op: string, body: Record<string, unknown>) => { code: string; message: string } | undefined,
): Promise<{ op: string; body: Record<string, unknown>; studio: string }[]> {
  const asked: { op: string; body: Record<string, unknown>; studio: string }[] = [];
  await page.route("**/api/op/*", async (route) => {
    const request = route.request();
    const op = request.url().replace(/.*\//, "");
    const body = request.postDataJSON() as Record<string, unknown>;
    // What its microphone does the page tells by itself, whenever that is.
    if (op !== "microphone") asked.push({ op, body, studio: request.headers()["callin-studio"] ?? "" });
    const refusal = refuse(op, body);
    await route.fulfill({ status: refusal ? 409 : 200, json: refusal ?? { call: body.call, move: 1 } });
  });
  return asked;
}
