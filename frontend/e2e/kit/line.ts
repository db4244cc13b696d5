import type { Page } from "@playwright/test";

/** A page's way to Twilio's signalling, in a test's hands. Made before the page is opened. */
export class Signalling {
  private readonly open = new Set<{ close(): Promise<void> }>();
  private down = false;

  /** keptSeconds is how long the page asks for its call to be kept while signalling is lost. */
  static async of(page: Page, keptSeconds?: number): Promise<Signalling> {
    const it = new Signalling();
    await page.routeWebSocket(/\/signal/, async (socket) => {
      if (it.down) return socket.close({ code: 1011 });
      const server = socket.connectToServer();
      const both = {
        async close() {
          await server.close(); // of the page's own socket, which may give no such code
          await socket.close({ code: 1011 });
        },
      };
      it.open.add(both);
      socket.onMessage((frame) => {
        const short = /"reconnectTimeout":\d+/;
        server.send(
          typeof frame === "string" && keptSeconds !== undefined
            ? frame.replace(short, `"reconnectTimeout":${keptSeconds}`)
            : frame,
        );
      });
    });
    return it;
  }

  /** Cuts the connections there are and lets no new one be made. */
  async lose(): Promise<void> {
    this.down = true;
    await this.cut();
  }

  async cut(): Promise<void> {
    const all = [...this.open];
    this.open.clear();
    await Promise.all(all.map((socket) => socket.close()));
  }

  comeBack(): void {
    this.down = false;
  }
}
