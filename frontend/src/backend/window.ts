import {
  type Backend,
  Refused,
  type SignalDoor,
  type SignalEvent,
  type TracksKept,
  throughStation,
  unanswered,
  type WindowDoor,
} from "./backend";
import type { Change, Picture, Refusal, StageNow, StationNow, UpdateNow } from "./contract";

/** The methods that Callin binds in its window. */
interface Door {
  Operate(studio: string, name: string, body: string): Promise<string>;
  Track(studio: string, chunk: string): Promise<string>;
  Attach(from: number): Promise<void>;
  OpenBrowser(): Promise<void>;
  Zoom(): Promise<number>;
  KeepZoom(percent: number): Promise<void>;
  MenuKeys(keys: Record<string, string>): Promise<void>;
  FullScreen(): Promise<void>;
  Copy(text: string): Promise<void>;
  StartsAtLogin(): Promise<boolean>;
  StartAtLogin(on: boolean): Promise<void>;
  SignalOpen(): Promise<string>;
  SignalSend(id: string, frame: string): Promise<void>;
  SignalClose(id: string): Promise<void>;
}

interface Runtime {
  EventsOn(name: string, callback: (argument: never) => void): () => void;
}

declare global {
  interface Window {
    go?: { window?: { Door?: Door } };
    runtime?: Runtime;
  }
}

type FeedEvent =
  | { event: "picture"; data: Picture }
  | { event: "change"; data: Change }
  | { event: "stage"; data: StageNow }
  | { event: "station"; data: StationNow }
  | { event: "update"; data: UpdateNow };

/** The window's door, if this page is in Callin's own window. */
export function windowBackend(): Backend | undefined {
  const door = window.go?.window?.Door;
  const runtime = window.runtime;
  if (!door || !runtime) return undefined;
  const backend: Backend = {
    studio: "",
    attach(to) {
      let station: StationNow | undefined;
      const live = () => to.onState(throughStation("live", station), station);
      const off = runtime.EventsOn("feed", (event: FeedEvent) => {
        if (event.event === "picture") to.onPicture(event.data);
        else if (event.event === "change") to.onChange(event.data);
        else if (event.event === "stage") to.onStage(event.data);
        else if (event.event === "update") to.onUpdate?.(event.data);
        else if (event.event === "station") {
          station = event.data;
          live();
        }
      });
      door.Attach(-1).then(
        () => live(),
        () => to.onState("lost"),
      );
      return off;
    },
    operate: async (op, body) =>
      (await answered(door.Operate(backend.studio, op, JSON.stringify(body)))) as never,
    track: async (studio, chunk) => (await answered(door.Track(studio, await inBase64(chunk)))) as TracksKept,
    async file(path) {
      const response = await fetch(path);
      if (!response.ok) throw new Refused(unanswered);
      return new File([await response.blob()], "");
    },
    openBrowser: () => door.OpenBrowser(),
    window: windowDoor(door, runtime),
    signal: signalDoor(door, runtime),
  };
  return backend;
}

/** The result of what was asked at the door. */
async function answered(asked: Promise<string>): Promise<unknown> {
  const text = await asked.catch(() => {
    throw new Refused(unanswered);
  });
  const answer = JSON.parse(text) as { ok?: unknown; error?: Refusal };
  if (answer.error) throw new Refused(answer.error);
  return answer.ok;
}

/** The window's channel carries texts alone. */
function inBase64(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).replace(/^.*,/, ""));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(new Blob([bytes]));
  });
}

function windowDoor(door: Door, runtime: Runtime): WindowDoor {
  return {
    onMenu: (chosen) => runtime.EventsOn("menu", (command: string) => chosen(command)),
    menuKeys: (keys) => door.MenuKeys(keys),
    zoom: () => door.Zoom(),
    keepZoom: (percent) => door.KeepZoom(percent),
    fullScreen: () => door.FullScreen(),
    copy: (text) => door.Copy(text),
    startsAtLogin: () => door.StartsAtLogin(),
    startAtLogin: (on) => door.StartAtLogin(on),
  };
}

function signalDoor(door: Door, runtime: Runtime): SignalDoor {
  return {
    open: () => door.SignalOpen(),
    send: (id, frame) => door.SignalSend(id, frame),
    close: (id) => door.SignalClose(id),
    listen: (on) => runtime.EventsOn("signal", (event: SignalEvent) => on(event)),
  };
}
