import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A free port of this computer, of those that neither a system gives to a connection nor Callin takes by itself. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 11_000 + Math.floor(Math.random() * 9_000);
    const server = createServer().listen(port, "127.0.0.1");
    const free = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!free) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}

/** A tunnel from an address that Twilio is told to a port of this computer. It can be cut. */
export class Tunnel {
  private dead = false;
  private readonly open = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly to: number,
  ) {}

  static async dig(): Promise<Tunnel> {
    const server = createServer();
    const tunnel = new Tunnel(server, await freePort());
    server.on("connection", (from) => tunnel.carry(from));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return tunnel;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Nothing comes through any more. */
  cut(): void {
    this.dead = true;
    for (const socket of this.open) socket.destroy();
  }

  mend(): void {
    this.dead = false;
  }

  async fill(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, "close");
  }

  private carry(from: Socket): void {
    if (this.dead) {
      from.destroy();
      return;
    }
    const onward = connect(this.to, "127.0.0.1");
    for (const socket of [from, onward]) {
      this.open.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        this.open.delete(socket);
        from.destroy();
        onward.destroy();
      });
    }
    from.pipe(onward);
    onward.pipe(from);
  }
}
