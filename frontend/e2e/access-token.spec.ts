import { Desk } from "./kit/desk";
import { Signalling } from "./kit/line";
import { long } from "./kit/long";
import { dj, expect, test } from "./kit/test";
import { type Claims, decode, forgedToken, shortTokens, type Token } from "./kit/token";

test("a desk's token grants outgoing calls to the desk's app and nothing else", async ({ house, page }) => {
  const asked = page.waitForResponse("**/api/op/token");
  await new Desk(page, house.url).open();
  const { token, identity, ttlSeconds } = (await (await asked).json()) as Token;
  const [head, body] = token.split(".") as [string, string];
  const claims = decode(body) as Claims & { nbf?: number; iat?: number };

  expect(decode(head)).toMatchObject({ alg: "HS256", typ: "JWT", cty: "twilio-fpa;v=1" });
  const { applications } = await house.stage.rest<{ applications: { sid: string; friendly_name: string }[] }>(
    "Applications.json",
  );
  const app = applications.find((a) => a.friendly_name === "Client DJ Call-In");
  expect(claims.grants).toEqual({ identity, voice: { outgoing: { application_sid: app?.sid } } });
  expect(claims.sub).toBe(house.stage.rehearsal.account_sid);
  expect(ttlSeconds).toBeLessThanOrEqual(3600);
  expect(claims.exp - Date.now() / 1000).toBeLessThanOrEqual(3600);
});

interface Forgery {
  what: string;
  forge(claims: Claims): Claims;
  secret?: string;
  says: RegExp;
  /** The page gets another one by itself. */
  replaced?: boolean;
}

const forgeries: Forgery[] = [
  {
    what: "expired",
    forge: (c) => ({ ...c, exp: Math.floor(Date.now() / 1000) - 60 }),
    says: /pass has expired/,
    replaced: true,
  },
  {
    what: "wrongly signed",
    forge: (c) => c,
    secret: "guessed",
    says: /does not accept the phone's pass/,
  },
  {
    what: "for another app",
    forge: (c) => ({
      ...c,
      grants: { ...c.grants, voice: { outgoing: { application_sid: `AP${"0".repeat(32)}` } } },
    }),
    says: /does not know the desk's application|does not accept the phone's pass/,
  },
];

for (const { what, forge, secret, says, replaced } of forgeries) {
  test(
    `a token that is ${what} is refused, and the page says so`,
    secret ? {} : long,
    async ({ house, page }) => {
      const desk = new Desk(page, house.url);
      let forging = true;
      await page.route("**/api/op/token", async (route) => {
        if (!forging) return route.continue();
        const answer = await route.fetch();
        const token = (await answer.json()) as Token;
        const forged = await forgedToken(house, token.token, forge, secret);
        await route.fulfill({ response: answer, json: { ...token, token: forged } });
      });
      await desk.open();
      await expect(desk.region("Phone").getByRole("alert").filter({ hasText: says })).toBeVisible();
      if (!replaced) return expect(desk.button(/^Connect the phone/)).toBeVisible();
      forging = false;
      await desk.isOnLine();
    },
  );
}

test(
  "a token that expired while its page was away is said and replaced, and the phone is back",
  long,
  async ({ house, page }) => {
    const signalling = await Signalling.of(page, 20);
    let answer: "short" | "nothing" | "good" = "short";
    const until = Math.floor(Date.now() / 1000) + 12;
    await page.route("**/api/op/token", async (route) => {
      if (answer === "nothing") return route.abort();
      if (answer === "good") return route.continue();
      const good = await route.fetch();
      const token = (await good.json()) as Token;
      const forged = await forgedToken(house, token.token, (c) => ({ ...c, exp: until }));
      await route.fulfill({ response: good, json: { ...token, token: forged } });
    });
    const desk = new Desk(page, house.url);
    await desk.openOnLine();
    answer = "nothing";
    await expect.poll(() => Date.now() / 1000, { timeout: 15_000 }).toBeGreaterThan(until);
    await signalling.cut();
    const alert = desk.region("Phone").getByRole("alert");
    await expect(alert).toContainText("Callin did not answer");
    answer = "good";
    await desk.isOnLine();
  },
);

test("a token that expires in a call is renewed, and the call goes on", long, async ({ house, page }) => {
  const tokens = await shortTokens(page, house);
  const desk = new Desk(page, house.url);
  await desk.openOnLine();
  const ana = await house.ring();
  await desk.is(ana, "ready");
  await desk.next();
  await desk.is(ana, "on air");
  await expect.poll(() => tokens.given, { timeout: 40_000 }).toBeGreaterThan(3); // the first has long ended
  await desk.hears(ana);
  await ana.hears(dj);
});

for (const [way, twilio] of [
  ["behind", 2 * 3_600],
  ["ahead", -2 * 3_600],
] as const)
  test(
    `the phone connects though this computer's clock is two hours ${way}`,
    way === "behind" ? {} : long,
    async ({ house, page }) => {
      await house.callin.end();
      await house.stage.request("PUT", "/stage/faults", { clock_seconds: twilio });
      await house.start();
      const desk = new Desk(page, house.url);
      const given = page.waitForResponse("**/api/op/token");
      await desk.openOnLine();
      const { token } = (await (await given).json()) as Token;
      const { exp } = decode(token.split(".")[1] as string) as Claims;
      expect(Math.abs(exp - (Date.now() / 1000 + twilio + 3_600))).toBeLessThan(10);
      const ana = await house.ring();
      await desk.is(ana, "ready");
      await desk.next();
      await desk.hears(ana);
    },
  );
