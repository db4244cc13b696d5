import { expect, type Page } from "@playwright/test";
import { sid as callSid, madeFeed } from "./feed";
import type { House } from "./test";

interface Refusal {
  code: string;
  message: string;
  field?: string;
}

type Answer = Record<string, unknown>;

const sid = "AC0123456789abcdef0123456789abcdef";
const will = [
  {
    what: "The number +1 202 555 0177",
    fields: [
      { name: "Calls go to", from: "https://demo.twilio.com/welcome/voice/", to: "Callin: listeners" },
      { name: "Fallback", from: "", to: "a document at Twilio that asks to call again" },
    ],
  },
  {
    what: "The app Client DJ Call-In",
    made: true,
    fields: [
      { name: "Voice address", from: "", to: "https://callin.example.org/voice/desk" },
      { name: "News of calls", from: "", to: "https://callin.example.org/voice/status" },
    ],
  },
];

/** The station's picture on a real account, or in a rehearsal. */
export function stationPicture(rehearsal: boolean, cards: unknown[] = []) {
  const show = {
    ...{ name: "Late", state: "open", screens: false, queues: ["on-air", "screening"], parkMs: 3_000 },
    ...{ producersAir: false, since: 0 },
  };
  const line = {
    ...{ name: "studio", phone: true, leg: `CA${"9".repeat(32)}`, desk: "", direct: false, telephone: false },
    ...{ pinLocked: false, lockedTelephones: [], byHand: false, since: 0, talkback: [], lost: [] },
  };
  const studio = {
    id: "",
    name: "Studio",
    number: "+12025550177",
    dialIn: "",
    line: "studio",
    lanes: ["studio"],
    show,
    next: "",
  };
  return {
    seq: rehearsal ? 1 : 100,
    now: Date.now(),
    station: { name: "Radio Northgate", rehearsal, telephone: false },
    studios: [studio],
    lines: [line],
    cards,
    desks: [
      { id: "", name: "This computer", roles: ["host", "producer", "manager"], studios: [""], here: true },
    ],
    you: "",
    chat: [],
    voicemail: [],
    check: { now: false, lostAt: 0, mended: 0, mendedAt: 0 },
  };
}

/** Answers for the set-up of an account that there is not: what it does is the station's own tests' to prove. */
export class MadeAccount {
  /** What the page has asked for, in order. */
  readonly asked: { op: string; body: Answer }[] = [];
  /** What the next question of an operation is refused with. */
  readonly refuse = new Map<string, Refusal>();
  /** What is answered with a state of its own, once. */
  readonly once = new Map<string, Answer>();
  /** How long an operation takes, in ms. */
  readonly takes = new Map<string, number>();

  state: Answer = {
    step: "account",
    numbers: [],
    pin: false,
    public: {
      forward: "http://127.0.0.1:8101",
      proxies: [
        { name: "Caddy", text: "callin.example.org {\n    reverse_proxy /voice/* 127.0.0.1:8101\n}" },
        { name: "nginx", text: "location /voice/ {\n    proxy_pass http://127.0.0.1:8101;\n}" },
        { name: "Traefik", text: 'http:\n  routers:\n    callin:\n      rule: "PathPrefix(`/voice/`)"' },
      ],
      seen: false,
    },
    place: {
      edge: "roaming",
      region: "us1",
      said: "by the edge that Twilio chooses (roaming), in the region us1",
    },
    will: [],
    connected: false,
    undoable: false,
    secrets: "the system's keyring",
    fixed: [],
  };

  async answer(page: Page): Promise<void> {
    await page.route("**/api/op/setup*", async (route) => {
      const op = route.request().url().replace(/.*\//, "");
      const body = route.request().postDataJSON() as Answer;
      if (op !== "setupEdges") this.asked.push({ op, body }); // nobody presses for it
      const takes = this.takes.get(op);
      if (takes) await new Promise((done) => setTimeout(done, takes));
      const refusal = this.refuse.get(op);
      this.refuse.delete(op);
      if (refusal) return route.fulfill({ status: 409, json: refusal });
      await route.fulfill({ json: made[op] ?? this.#answered(op, body) });
    });
  }

  /** How often an operation was asked for. */
  times = (op: string) => this.asked.filter((a) => a.op === op).length;

  /** As if it had been asked for. */
  does(op: string, body: Answer = {}) {
    Object.assign(this.state, this.#after(op, body));
  }

  #answered(op: string, body: Answer): Answer {
    this.does(op, body);
    const more = this.once.get(op);
    this.once.delete(op);
    return { ...this.state, ...more };
  }

  #after(op: string, body: Answer): Answer {
    switch (op) {
      case "setupAccount":
        return { step: "number", account: owner, numbers };
      case "setupNumber":
      case "setupBuy":
        return {
          ...{ step: "dialIn", number: body.number },
          numbers: [
            ...numbers,
            ...(op === "setupBuy"
              ? [{ number: body.number, now: "Its calls go nowhere yet.", used: false }]
              : []),
          ],
        };
      case "setupDialIn":
        return { step: "address", dialIn: body.number ?? "", pin: body.pin !== undefined };
      case "setupAddress":
        return {
          step: "change",
          public: {
            ...(this.state.public as Answer),
            kind: body.kind,
            address: body.address,
            seen: true,
            tookMs: 184,
          },
          ...{ will, mark: "m1" },
        };
      case "setupPlace":
        return {
          place: {
            edge: body.edge,
            region: body.region,
            said: `by the edge ${body.edge}, in the region ${body.region}`,
          },
        };
      case "setupDo":
        return { step: "try", connected: true, undoable: true, will: [], other: undefined };
      case "setupUndo":
        return { step: "change", connected: false, undoable: false, will };
      default:
        return {};
    }
  }
}

export const owner = {
  sid,
  name: "Radio Northgate",
  says: [
    "Its profile is approved. A business's may have as many calls at once as ring; a single person's ten. Twilio does not tell which it is.",
  ],
  trial: false,
  balance: "12.34",
  currency: "USD",
};

export const numbers = [
  { number: "+12025550100", name: "Hotline", now: "Its calls go to pbx.example.com/in.", used: true },
  { number: "+12025550101", now: "Its calls go nowhere yet.", used: false },
];

const offers = [
  { number: "+12025550177", place: "Washington, DC", price: "1.15", currency: "USD" },
  { number: "+12025550178", place: "Washington, DC", price: "1.15", currency: "USD" },
  { number: "+12025550179", place: "Washington, DC" },
];

const edges = [
  { edge: "frankfurt", city: "Frankfurt", tookMs: 23, reached: true },
  { edge: "dublin", city: "Dublin", tookMs: 41, reached: true },
  { edge: "roaming", city: "where Twilio chooses", tookMs: 118, reached: true },
  { edge: "ashburn", city: "Virginia", tookMs: 119, reached: true },
  { edge: "sydney", city: "Sydney", tookMs: 0, reached: false },
];

/** What is answered whatever was done before. */
const made: Record<string, Answer> = { setupOffers: { offers }, setupEdges: { edges, nearest: "frankfurt" } };

/** A set-up over answers that are made here, on a desk that Callin knows nothing of. */
export async function openSetUp(page: Page, house: House, rehearsal: boolean) {
  const account = new MadeAccount();
  await madeFeed(page, stationPicture(rehearsal));
  await account.answer(page);
  await page.goto(house.url);
  await expect(
    page.getByRole("button", { name: rehearsal ? "Connect your account" : "Account" }),
  ).toBeVisible();
  return account;
}

/** The station goes away, and comes back on the account or as a rehearsal. */
export async function beginAgain(page: Page, rehearsal: boolean) {
  const feeds = () => page.evaluate(() => (window as unknown as { feeds: number }).feeds);
  const before = await feeds();
  await page.evaluate(() => (window as unknown as { endFeed(): void }).endFeed());
  await expect.poll(feeds, { timeout: 15_000 }).toBe(before + 1);
  await page.evaluate((picture) => {
    (window as unknown as { tell(e: string, d: unknown): void }).tell("picture", picture);
  }, stationPicture(rehearsal));
}

/** Somebody who waits as the first. */
export const maria = (now: number) => ({
  ...{
    call: callSid(1),
    studio: "",
    number: "+12015550144",
    name: "Maria",
    location: "",
    topic: "",
    arrived: now,
  },
  ...{ place: { kind: "queue", name: "on-air" }, since: now, rank: 1, locked: false, airMs: 0 },
});
