/**
 * A rehearsal's signalling. The SDK only ever asks for wss:// at a host of
 * Twilio's; here its own stream and transport, with their heartbeat and
 * backing off, are given another socket. The classes are not part of the SDK's
 * public API, hence the pinned version and the paths (vite.config.ts).
 */
import PStream from "voice-sdk/pstream.js";
import WSTransport, { type IWSTransportConstructorOptions } from "voice-sdk/wstransport.js";
import type { SignalDoor } from "../backend/backend";

type SocketClass = NonNullable<IWSTransportConstructorOptions["WebSocket"]>;

/** The value of the Device's option PStream. */
export function streamOver(socket: SocketClass): typeof PStream {
  class Transport extends WSTransport {
    constructor(uris: string[], options: IWSTransportConstructorOptions) {
      super(uris, { ...options, WebSocket: socket });
    }
  }
  return class extends PStream {
    constructor(token: string, uris: string[], options: object) {
      super(token, uris, { ...options, TransportFactory: Transport });
    }
  };
}

/** A socket to address, which is told whichever host the SDK asks for: it reports that one's edge. */
export function loopback(address: string): SocketClass {
  return class extends WebSocket {
    constructor(asked: string | URL) {
      const at = new URL(address);
      at.searchParams.set("host", new URL(asked).hostname);
      super(at);
    }
  };
}

/** A socket that is carried by the window, for pages that reach no port. */
export function bridge(door: SignalDoor): SocketClass {
  return class extends BridgeSocket {
    constructor() {
      super(door);
    }
  } as unknown as SocketClass;
}

/** The part of a WebSocket that the SDK's transport uses. */
class BridgeSocket extends EventTarget {
  readyState: number = WebSocket.CONNECTING;
  #id = "";
  readonly #door: SignalDoor;
  readonly #unlisten: () => void;
  // Calls through the window run side by side: frames wait for one another.
  #sent: Promise<void> = Promise.resolve();

  constructor(door: SignalDoor) {
    super();
    this.#door = door;
    // A frame that comes before the id is known can only be a heartbeat: the
    // other side speaks when it has been spoken to.
    this.#unlisten = door.listen((event) => {
      if (event.id !== this.#id) return;
      if (event.closed) this.#closed(event.code ?? 1006);
      else this.dispatchEvent(new MessageEvent("message", { data: event.frame ?? "" }));
    });
    door.open().then(
      (id) => this.#opened(id),
      () => this.#closed(1006),
    );
  }

  send(frame: string) {
    this.#sent = this.#sent.then(() => this.#door.send(this.#id, frame)).catch(() => this.#closed(1006));
  }

  close() {
    this.#closed(1000);
  }

  #opened(id: string) {
    if (this.readyState === WebSocket.CLOSED) {
      void this.#door.close(id);
      return;
    }
    this.#id = id;
    this.readyState = WebSocket.OPEN;
    this.dispatchEvent(new Event("open"));
  }

  #closed(code: number) {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.#unlisten();
    if (this.#id) this.#door.close(this.#id).catch(() => {});
    this.dispatchEvent(new CloseEvent("close", { code }));
  }
}
