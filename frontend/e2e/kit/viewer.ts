import type { ClientRequest } from "node:http";
import { request } from "node:https";
import type { Change, Picture } from "../../src/backend/contract";
import { fold, whole } from "../../src/picture/fold";

/** The picture that feeds come to, one after the other. */
export function folded(feeds: string[]): Picture {
  let held: Picture | undefined;
  for (const block of feeds.flatMap((feed) => feed.split("\n\n").slice(0, -1))) {
    const [, name, data = ""] = block.match(/^event: (\w+)\ndata: (.*)$/m) ?? [];
    if (name === "picture") held = whole(JSON.parse(data) as Picture);
    else if (name === "change" && held) held = fold(held, [JSON.parse(data) as Change]);
  }
  if (!held) throw new Error("no picture yet");
  return held;
}

/** A viewer at a station's door, without a page. */
export class Viewer {
  private watched = "";
  private watching: ClientRequest | undefined;

  private constructor(
    private readonly door: string,
    private readonly secret: string,
  ) {}

  /** Pairs a viewer by a code, which watches from then on. */
  static async at(door: string, code: string): Promise<Viewer> {
    const paired = await post(door, "/api/pair", {}, { code, kind: "pc" });
    const viewer = new Viewer(door, (JSON.parse(paired) as { secret: string }).secret);
    viewer.watching = viewer.feed((text) => {
      viewer.watched = text;
    });
    return viewer;
  }

  /** What it holds of all that it was told. */
  async holds(): Promise<Picture> {
    return folded([this.watched]);
  }

  /** What the station says now to who asks for the first time. */
  asks(): Promise<Picture> {
    return new Promise((done, failed) => {
      const asked = this.feed((text) => {
        if (!/^event: picture\ndata: .*\n\n/m.test(text)) return;
        asked.destroy();
        done(folded([text]));
      });
      asked.on("error", failed);
    });
  }

  /** Has the station do something. */
  async does(op: string, body: unknown): Promise<void> {
    await post(this.door, `/api/op/${op}`, this.shows, body);
  }

  private get shows() {
    return { Authorization: `Bearer ${this.secret}` };
  }

  private feed(told: (text: string) => void): ClientRequest {
    const feed = asks(this.door, "GET", "/api/feed", this.shows, told);
    feed.on("error", () => {}); // it is cut off when it is ended
    return feed.end();
  }

  end(): void {
    this.watching?.destroy();
  }
}

function post(door: string, path: string, headers: Record<string, string>, body: unknown): Promise<string> {
  return new Promise((done, failed) => {
    const asked = asks(door, "POST", path, { "Content-Type": "application/json", ...headers }, done);
    asked.on("response", ({ statusCode }) => {
      if (statusCode !== 200) failed(new Error(`${path}: ${statusCode}`));
    });
    asked.on("error", failed).end(JSON.stringify(body));
  });
}

/** Asks at a door, and tells all that was answered so far whenever there is more. */
function asks(
  door: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  told: (text: string) => void,
): ClientRequest {
  // The certificate is the station's own; that PCs compare its words is tried elsewhere.
  return request(new URL(path, door), { method, headers, rejectUnauthorized: false }, (answer) => {
    let text = "";
    answer.setEncoding("utf8").on("data", (more: string) => {
      text += more;
      told(text);
    });
    answer.on("error", () => {});
  });
}
