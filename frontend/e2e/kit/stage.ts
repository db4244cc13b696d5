import { expect } from "@playwright/test";

/** What a rehearsal prints when it starts. */
export interface Rehearsal {
  address: string;
  account_sid: string;
  auth_token: string;
  listeners_number: string;
  dial_in_number: string;
}

/** Something a caller heard, at a time in milliseconds since 1970. */
export interface Heard {
  at: number;
  kind: "say" | "play" | "tone" | "digits" | "beep";
  text?: string;
  url?: string;
}

interface CallerState {
  call_sid: string;
  status: string;
  heard: Heard[];
  hearing: { tones: number[]; level_dbfs: number };
}

export interface Ring {
  name?: string;
  number?: string;
  /** The pilot tone that the caller says, in hertz; instead of it a voice, or "none" for nothing at all. */
  tone?: number | undefined;
  voice?: string;
  /** By how many dB weaker and how many ms later what the caller hears comes back. */
  echo?: { weaker: number; ms: number };
  /** What the caller presses, in order. */
  keys?: string;
  patience_seconds?: number;
  /** The number that is called; the listeners' if left out. */
  to?: string;
}

/** Tones apart by less than this, in hertz, are the same. */
const sameTone = 20;
/** How long a tone must be absent to be called absent. */
export const absentMs = 700;
export const pollMs = 60;

/** The stage of a rehearsal: where its callers come from, and what they hear. */
export class Stage {
  constructor(readonly rehearsal: Rehearsal) {}

  async request(method: string, path: string, body?: unknown): Promise<Response> {
    const { account_sid, auth_token, address } = this.rehearsal;
    return fetch(new URL(path, address), {
      method,
      headers: {
        Authorization: `Basic ${Buffer.from(`${account_sid}:${auth_token}`).toString("base64")}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  private async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.request(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }

  async ring(ring: Ring): Promise<Caller> {
    const answer = await this.json<{ callers: CallerState[] }>("POST", "/stage/callers", ring);
    const first = answer.callers[0];
    if (!first) throw new Error("nobody rang");
    return new Caller(this, first.call_sid, ring);
  }

  state(sid: string): Promise<CallerState> {
    return this.json("GET", `/stage/callers/${sid}`);
  }

  /** All callers there have been. */
  async callers(): Promise<CallerState[]> {
    return (await this.json<{ callers: CallerState[] }>("GET", "/stage/callers")).callers;
  }

  /** Puts things into the account as if others had, or Twilio. */
  plant(planting: unknown): Promise<unknown> {
    return this.json("POST", "/stage/account", planting);
  }

  /** A list of Twilio's REST, as this account sees it. */
  rest<T>(path: string): Promise<T> {
    return this.json("GET", `/2010-04-01/Accounts/${this.rehearsal.account_sid}/${path}`);
  }

  /** The desk's call on a lane. */
  async deskOn(lane: string): Promise<string | undefined> {
    const { conferences } = await this.rest<{ conferences: { sid: string; friendly_name: string }[] }>(
      "Conferences.json?Status=in-progress",
    );
    const at = conferences.find((c) => c.friendly_name.endsWith(lane))?.sid;
    const { participants } = await this.rest<{ participants: { call_sid: string; label: string }[] }>(
      `Conferences/${at}/Participants.json`,
    );
    return participants.find((p) => p.label.startsWith("desk-"))?.call_sid;
  }

  /** Changes something by Twilio's REST, as somebody does in the account's console. */
  async change(path: string, fields: Record<string, string>): Promise<void> {
    const { account_sid, auth_token, address } = this.rehearsal;
    const response = await fetch(new URL(`/2010-04-01/Accounts/${account_sid}/${path}`, address), {
      method: "POST",
      headers: { Authorization: `Basic ${Buffer.from(`${account_sid}:${auth_token}`).toString("base64")}` },
      body: new URLSearchParams(fields),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }
}

/** A made-up person with a telephone. */
export class Caller {
  constructor(
    private readonly stage: Stage,
    readonly sid: string,
    readonly ring: Ring,
  ) {}

  get name(): string {
    return this.ring.name ?? this.sid;
  }

  /** This caller's own pilot tone. */
  get hz(): number {
    if (!this.ring.tone) throw new Error(`${this.name} has no tone`);
    return this.ring.tone;
  }

  state(): Promise<CallerState> {
    return this.stage.state(this.sid);
  }

  async hangUp(): Promise<void> {
    await this.stage.request("DELETE", `/stage/callers/${this.sid}`);
  }

  /** Waits until this caller hears a tone of hz. */
  async hears(hz: number): Promise<void> {
    await expect
      .poll(async () => near((await this.state()).hearing.tones, hz), {
        message: `${this.name} should hear ${hz} Hz`,
        intervals: [pollMs],
      })
      .toBe(true);
  }

  /** Waits until this caller does not hear hz, for a while. */
  async hearsNot(hz: number): Promise<void> {
    await absent(`${this.name} should not hear ${hz} Hz`, async () =>
      near((await this.state()).hearing.tones, hz),
    );
  }

  /** Waits until this caller has heard words, a file or a key that match. */
  async heard(what: RegExp, since = 0): Promise<Heard> {
    const find = async () =>
      (await this.state()).heard.find((h) => h.at >= since && what.test(h.text ?? h.url ?? ""));
    await expect
      .poll(find, { message: `${this.name} should have heard ${what}`, intervals: [100] })
      .toBeTruthy();
    return (await find()) as Heard;
  }

  /** Presses keys; a w is a pause of half a second. */
  async press(keys: string): Promise<void> {
    await this.stage.request("POST", `/stage/callers/${this.sid}/keys`, { digits: keys });
  }

  /** Waits until this caller has heard something of a kind. */
  async heardKind(kind: Heard["kind"]): Promise<void> {
    await expect
      .poll(async () => (await this.state()).heard.some((h) => h.kind === kind), {
        message: `${this.name} should have heard a ${kind}`,
        intervals: [100],
      })
      .toBe(true);
  }

  /** Waits until this caller's call is over. */
  async isGone(): Promise<void> {
    await expect
      .poll(async () => (await this.state()).status, {
        message: `${this.name} should be gone`,
      })
      .toBe("completed");
  }
}

/** Reports whether hz is among tones. */
export function near(tones: number[], hz: number): boolean {
  return tones.some((tone) => Math.abs(tone - hz) <= sameTone);
}

/** Waits until present has been false, without a break, for absentMs. */
export async function absent(message: string, present: () => Promise<boolean>): Promise<void> {
  let since = Date.now();
  await expect
    .poll(
      async () => {
        if (await present()) since = Date.now();
        return Date.now() - since;
      },
      { message, intervals: [pollMs] },
    )
    .toBeGreaterThan(absentMs);
}
