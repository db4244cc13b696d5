import { request as httpRequest } from "node:http";
import { Desk } from "./kit/desk";
import { expect, test } from "./kit/test";

interface Ask {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Asks with headers that a browser or fetch would not let one set. */
function ask(
  url: string,
  { method = "GET", path, headers, body }: Ask,
): Promise<{ status: number; text: string }> {
  return new Promise((done, failed) => {
    const { hostname, port } = new URL(url);
    const request = httpRequest({ hostname, port, method, path, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part) => {
        text += part;
      });
      answer.on("end", () => done({ status: answer.statusCode ?? 0, text }));
    });
    // An over-long body is refused before it has all been read.
    request.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "EPIPE" || error.code === "ECONNRESET" ? done({ status: 413, text: "" }) : failed(error),
    );
    request.end(body);
  });
}

test("the desk's door opens to who was let in, its Host and its Origin only", async ({ house, page }) => {
  const { host, origin } = new URL(house.url);
  const json = { Origin: origin, "Content-Type": "application/json" };
  const entering = page.waitForRequest("**/api/session");
  const feed = page.waitForRequest("**/api/feed");
  await new Desk(page, house.url).open();
  const again = {
    method: "POST",
    path: "/api/session",
    headers: json,
    body: (await entering).postData() ?? "",
  };
  const Authorization = (await feed).headers().authorization ?? "";
  const shows = { method: "POST", path: "/api/op/shows", body: "{}" };
  const headers = { ...json, Authorization };
  const status = async (a: Ask) => (await ask(house.url, a)).status;

  expect(await status({ ...shows, headers }), "as the page asks").toBe(200);
  expect(await status({ ...shows, headers: json }), "without a key").toBe(401);
  expect(
    await status({ ...shows, headers: { ...headers, Authorization: `${Authorization}00` } }),
    "with a wrong signature",
  ).toBe(401);
  expect(await status(again), "with the code once more").toBe(401);
  expect(await status({ path: "/api/feed", headers: {} }), "the feed without a key").toBe(401);
  expect(
    await status({ ...shows, headers: { ...headers, Host: `desk.example:${host.split(":")[1]}` } }),
    "for another host",
  ).toBe(403);
  expect(
    await status({ ...shows, headers: { ...headers, Origin: "https://desk.example" } }),
    "from another origin",
  ).toBe(403);
  expect(await status({ ...shows, headers: { ...headers, Origin: "null" } }), "from no origin").toBe(403);
  expect(
    await status({ ...shows, headers: { ...headers, "Content-Type": "text/plain" } }),
    "as a form could",
  ).toBe(415);
  expect(
    await status({ ...shows, headers, body: JSON.stringify({ a: "x".repeat(2_000_000) }) }),
    "over-long",
  ).toBe(413);
});

test("the listener answers only to what Twilio has signed", async ({ house }) => {
  const { applications } = await house.stage.rest<{ applications: { voice_url: string }[] }>(
    "Applications.json",
  );
  expect(applications.length).toBeGreaterThan(0);
  for (const { voice_url } of applications) {
    const { pathname, search } = new URL(voice_url);
    const body = "CallSid=CA0123456789abcdef0123456789abcdef&From=%2B12015550199&To=%2B12015550100";
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const webhook = { method: "POST", path: pathname + search, body };
    expect((await ask(voice_url, { ...webhook, headers })).status, "unsigned").toBe(403);
    const signed = { ...headers, "X-Twilio-Signature": Buffer.alloc(20).toString("base64") };
    expect((await ask(voice_url, { ...webhook, headers: signed })).status, "wrongly signed").toBe(403);
  }
});

test("the page loads nothing from elsewhere and may not", async ({ desk }) => {
  const asked: string[] = [];
  desk.page.on("request", (request) => asked.push(request.url()));
  const answer = await desk.page.reload();
  const policy = answer?.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("unsafe");
  await expect(desk.button("Next")).toBeVisible();
  for (const url of asked) expect(new URL(url).hostname).toBe("127.0.0.1");
});
