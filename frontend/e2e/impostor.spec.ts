import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { Desk } from "./kit/desk";
import { expect, test } from "./kit/test";

/** Another program at the desk's address, which notes what it is asked and wants something signed. */
class Impostor {
  readonly asked: { path: string; headers: IncomingHttpHeaders }[] = [];
  private readonly server = createServer((request, response) => {
    this.asked.push({ path: request.url ?? "", headers: request.headers });
    response.writeHead(401, { "Callin-Challenge": "SIGN-THIS" }).end("{}");
  });

  async begin(port: number): Promise<void> {
    this.server.listen(port, "127.0.0.1");
    await once(this.server, "listening");
    expect((this.server.address() as AddressInfo).port).toBe(port);
  }

  async end(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  /** All that the pages have shown. */
  get shown(): string[] {
    return this.asked.flatMap(({ headers }) => headers.authorization ?? []);
  }
}

test("a program at the desk's port while Callin is down learns nothing that lets it in", async ({
  house,
  page,
}) => {
  const desk = new Desk(page, house.url);
  await desk.open();
  const { origin, port } = new URL(house.url);
  const impostor = new Impostor();
  await house.callin.end();
  await impostor.begin(Number(port));
  // What was signed for the start that has ended, and what the other program wants signed.
  await expect.poll(() => new Set(impostor.shown).size).toBeGreaterThan(1);
  await impostor.end();
  await house.start();
  expect(new URL(house.url).origin).toBe(origin);

  const back = page.waitForResponse((r) => r.url().includes("/api/feed") && r.ok());
  const now = (await back).request().headers().authorization ?? "";
  const ana = await house.ring();
  await desk.is(ana, "ready");
  const tries = async (Authorization: string) =>
    (
      await fetch(`${origin}/api/op/shows`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Authorization },
        body: "{}",
      })
    ).status;
  expect(await tries(now), "what the page shows to Callin itself").toBe(200);
  for (const seen of impostor.shown) expect(await tries(seen)).toBe(401);

  await page.reload();
  await desk.is(ana, "ready");
});

test("no page can read the browser's key, and signing out takes it from all tabs", async ({
  house,
  page,
  context,
}) => {
  await new Desk(page, house.url).open();
  const other = await context.newPage();
  await new Desk(other, new URL(house.url).origin).open();
  const key = () =>
    other.evaluate(async () => {
      const of = <T>(request: IDBRequest<T>) =>
        new Promise<T>((done, failed) => {
          request.onsuccess = () => done(request.result);
          request.onerror = () => failed(request.error);
        });
      const database = await of(indexedDB.open("callin"));
      const pair = await of<CryptoKeyPair | undefined>(database.transaction("key").objectStore("key").get(0));
      database.close();
      if (!pair) return "none";
      return crypto.subtle.exportKey("pkcs8", pair.privateKey).catch((error: Error) => error.name);
    });
  expect(await key()).toBe("InvalidAccessError");
  expect(await other.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toMatch(
    /[0-9a-f]{32}/i,
  );

  await page.keyboard.press("?");
  await page.getByRole("button", { name: /^Sign out all browsers/ }).click();
  await page.getByRole("button", { name: /^Press again/ }).click();
  await expect.poll(key).toBe("none");
  await expect(other.getByText(/This desk is locked|signed out/).first()).toBeVisible();
});
