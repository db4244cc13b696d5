import type { Backend } from "../backend/backend";
import type { Line } from "../backend/contract";
import { Confirmation } from "../parts/confirmation.svelte";
import { Lanes } from "../phone/lanes.svelte";
import { Phone } from "../phone/phone.svelte";
import { Talkback } from "../phone/talkback.svelte";
import { Tracks } from "../phone/tracks.svelte";
import { deskOf } from "../picture/desks";
import { isTalking } from "../picture/lists";
import type { PictureStore } from "../picture/store.svelte";
import { title } from "../picture/words";
import { AirMicrophone } from "./microphone.svelte";
import type { Notices } from "./notices.svelte";
import { type PhoneFacts, steadyState } from "./phonewords";
import { Reserve } from "./reserve.svelte";

/** How long a press waits for the phone to be on a line, in ms. */
const patience = 12_000;
/** How long the second press that takes the phone off the line is waited for, in ms. */
const sureWithin = 6_000;

/** The phone as the desk uses it: with what Callin says of the line, and who is on it. */
export class DeskPhone {
  readonly phone: Phone;
  readonly microphone: AirMicrophone;
  /** Speaks to the host alone. */
  readonly talkback: Talkback;
  /** The lanes of a studio that has several. */
  readonly lanes: Lanes;
  /** This desk in reserve on them. */
  readonly reserve: Reserve;
  /** Records the lanes where the show is to. */
  readonly tracks: Tracks;
  readonly #leaving = new Confirmation(sureWithin);
  readonly #backend: Backend;
  readonly #store: PictureStore;
  readonly #notices: Notices;
  #opened = false;
  /** The line of the host who is talked to. */
  #talksOn: string | undefined;
  /** Whom the phone hears off air. */
  #hears: string | undefined;
  /** The phone goes back to the air. */
  #returns = false;
  /** A press waits for the phone. */
  waiting = $state(false);

  constructor(backend: Backend, store: PictureStore, notices: Notices, onMoved: () => void) {
    this.#backend = backend;
    this.#store = store;
    this.#notices = notices;
    this.phone = new Phone(backend, {
      onLine: () => (this.line?.phone ? this.line.leg : this.#there[0]?.leg),
      onHeard: () => this.microphone.tell(),
      onMoved,
      mixed: () => this.lanes.mixed(0),
      turn: () => this.lanes.turn(0),
    });
    this.lanes = new Lanes(
      backend,
      {
        lines: () => store.picture?.studio.lanes ?? [],
        talkback: () => store.picture?.studio.talkback,
        legOn: (line) => {
          const on = store.picture?.lines.find((l) => l.name === line);
          return on?.phone ? on.leg : undefined;
        },
        shared: () => store.picture?.studio.sharedLane === true,
        heardOn: (line) => store.onLane(line).flatMap((c) => (isTalking(c.place) ? c.call : [])),
        nextOn: (line) => store.comesTo(line).flatMap((c) => (c.move && isTalking(c.move.to) ? c.call : [])),
        isTaken: (line) => [store.onLane, store.comesTo, store.goesBackTo].some((on) => on(line).length > 0),
        onMoved,
        onHeard: (phone, line) =>
          void this.microphone.tell(
            phone,
            store.picture?.lines.find((l) => l.name === line),
          ),
      },
      () => this.phone,
    );
    this.reserve = new Reserve(backend, store, notices, this.phone, this.lanes);
    this.tracks = new Tracks(backend, {
      studio: () => store.studio,
      wanted: () => store.picture?.show.tracks === true && store.air.some((c) => isTalking(c.place)),
      taps: () => this.lanes.taps,
    });
    this.microphone = new AirMicrophone(backend, this, notices);
    this.talkback = new Talkback(
      backend,
      () => this.phone.profile.value,
      () => this.#hush(),
      () =>
        notices.tell("You talk to the host no more: the call has ended. Press again to talk on.", "refused"),
    );
  }

  /** The line that the phone is on, or would be. */
  readonly line = $derived.by(() => (this.phone.line === "own" ? this.#store.own : this.#store.line));
  /** What is said of the microphone of the phone that is on that line. */
  readonly told = $derived.by(() => this.line && this.toldOf(this.line));

  /** What the page says of it that has the phone on a line. */
  toldOf(line: Line) {
    const told = this.#store.picture?.microphones?.find((m) => m.line === line.name);
    return line.phone && told?.call === line.leg ? told : undefined;
  }

  /** The lines on which other pages of this desk have its phone; a telephone is no page's. */
  readonly #there = $derived.by(() => this.#ours.filter((l) => !l.telephone && !this.#isMine(l.leg)));
  /** The lines on which this desk has a phone that may be heard: not the one by which its host is talked to. */
  readonly #ours = $derived.by(() => {
    const { picture } = this.#store;
    const talkback = picture?.studios.map((s) => s.talkback);
    return (
      picture?.lines.filter((l) => l.phone && l.desk === picture.you && !talkback?.includes(l.name)) ?? []
    );
  });
  #isMine = (leg: string): boolean => this.phone.isMine(leg) || this.lanes.isMine(leg);

  /** Whether another page of this desk has its phone. */
  readonly isOnAnotherPage = $derived(this.#there.length > 0);
  /** The studio's line to which another page of this desk has its phone, and so to the air. */
  readonly airThere = $derived(this.#there.find((l) => l.name !== this.#store.own?.name));

  /** Whether anybody may hear a microphone of this desk: on the line that goes to air that is so with nobody there, too. */
  readonly isLive = $derived.by(() => {
    const { own, mine } = this.#store;
    const { phone } = this;
    const isHeard = (ownLine: boolean) => !ownLine || mine.some((c) => c.place.state !== "held");
    const connected = (phone.state === "on" || phone.state === "reconnecting") && !phone.reserve;
    if (connected && !phone.heard.silenced && isHeard(phone.line === "own")) return true;
    const there = this.#ours.filter((l) => !this.#isMine(l.leg));
    if (there.some((l) => isHeard(l.name === own?.name) && !this.toldOf(l)?.muted)) return true;
    return this.talkback.state !== "off";
  });

  /** Why nobody can talk to the host alone from here. */
  get whyNoTalkback(): string | undefined {
    const { line, toHost } = this.#store;
    if (this.talkback.state !== "off") return undefined;
    if (this.phone.line === "air" || this.airThere)
      return "This desk's phone is on the line that goes to air.";
    if (this.elsewhere) return "This desk's phone is on another page: talk from there.";
    if (!line?.phone || line.direct) return "No host's phone is on the line now. Write to the host.";
    if (!toHost?.phone)
      return "The host's desk takes no talk now. Write to the host: Phone, Sound devices, Desks can talk to you.";
    return undefined;
  }

  /** Whether somebody talks to the host from any page of this desk: who is with it off air does not hear that. */
  readonly talksToHost = $derived.by(() => {
    const { picture } = this.#store;
    if (this.phone.line === "air") return false;
    return (
      this.talkback.state !== "off" || picture?.lines.some((l) => l.talkback.includes(picture.you)) === true
    );
  });

  #hush = () => this.phone.hush(this.talksToHost);

  /** Begins or ends to talk to the host of the studio. */
  async talkToHost() {
    const line = this.#store.toHost?.name;
    if (this.talkback.state !== "off") return this.talkback.end();
    const why = this.whyNoTalkback;
    if (why) return this.#notices.tell(why, "refused");
    this.#talksOn = line;
    if (line) await this.talkback.begin(line);
  }

  /** The page's phone connects by itself, once it is known that its line is free. */
  onPicture() {
    const store = this.#store;
    const air = store.is("host") && !(store.mine.length && !this.#opened);
    if (!this.#opened || !store.is("host")) this.phone.line = air ? "air" : "own";
    this.onChange();
    if (this.#opened || !store.is("host", "producer")) return;
    this.#opened = true;
    void this.phone.connectIfAllowed(this.reserve.wanted);
  }

  /** Nobody is talked to off air any more: the phone is on the line again that goes to air, unless another one is. */
  async backToAir() {
    if (this.#returns) return;
    this.#returns = true;
    try {
      await this.#toAir();
    } finally {
      this.#returns = false;
    }
  }

  async #toAir() {
    const off = this.phone.state === "off" || this.#store.line?.phone === true;
    if (!off) return this.phone.connect("air");
    if (this.phone.state !== "off") await this.phone.disconnect();
    this.phone.line = "air";
  }

  onChange() {
    const heard = this.#store.mine.find((c) => c.place.state !== "held")?.call;
    if (heard !== this.#hears) this.phone.heard.another();
    this.#hears = heard;
    this.phone.lineChanged();
    this.lanes.follow();
    if (this.#opened) this.reserve.follow();
    this.tracks.follow();
    this.#follow();
    const { line, toHost } = this.#store;
    const onAir = this.phone.line === "air" || this.airThere !== undefined;
    const hears = line?.phone && toHost?.phone && toHost.name === this.#talksOn;
    if (onAir || !hears) this.talkback.end();
    this.#hush();
    this.microphone.onChange();
  }

  /** A page without a phone is about the one that another page of this desk has, on whichever line. */
  #follow() {
    if (this.phone.state !== "off" && this.phone.state !== "unsupported") return;
    if (this.#there.some((l) => l.name === this.#store.own?.name)) this.phone.line = "own";
    else if (this.airThere) this.phone.line = "air";
  }

  /** Why this desk's one phone cannot come to the air now. */
  readonly whyNotToAir = $derived.by(() => {
    const { line, mine, allStudios } = this.#store;
    if (line?.phone || !this.#store.is("host")) return undefined;
    const on = this.airThere && allStudios.find((s) => s.line === this.airThere?.name);
    if (on)
      return `This desk's phone is on air in ${on.name}, on another page, and this desk has one phone. Disconnect it there first.`;
    const [first] = mine;
    if (this.phone.line === "air" || !first) return undefined;
    return `${title(first)} is with you off air. Make them ready or send them back first.`;
  });

  /** What needs the phone on a line connects it first; on the air's, a host's. */
  async with(line: "air" | "own", then: () => Promise<unknown>): Promise<void> {
    if (line === "air" && !this.#store.is("host")) {
      await then();
      return;
    }
    const there = () => {
      const at = line === "air" ? this.#store.line : this.#store.own;
      if (!at?.phone || !this.phone.isMine(at.leg)) return at?.phone === true;
      // A phone of this page's that is on its way to another line is still said to be on this one.
      return !this.#returns && this.phone.line === line && this.phone.state !== "off";
    };
    if (this.waiting) return;
    if (line === "air" && this.phone.reserve && !there()) await this.reserve.takeLanes();
    if (there() || this.phone.state === "unsupported") {
      await then();
      return;
    }
    if (line === "air" && this.whyNotToAir) return this.#notices.tell(this.whyNotToAir, "refused");
    this.waiting = true;
    if (this.phone.state === "off" || this.phone.line !== line) await this.phone.connect(line);
    const failed = this.phone.state === "off";
    const joined = !failed && (await this.#store.until(there, patience));
    this.waiting = false;
    if (joined) {
      await then();
      return;
    }
    const why =
      this.phone.trouble?.text ?? "The phone did not come onto the line. Connect it, then try again.";
    this.#notices.tell(why, "refused");
  }

  /** What needs all lanes waits for their phones, which come one after the other. */
  async withLanes(then: () => Promise<unknown>): Promise<void> {
    const there = () => {
      const { line, picture } = this.#store;
      const on = (name: string) => picture?.lines.some((l) => l.name === name && l.phone);
      return line?.direct || line?.telephone || picture?.studio.lanes.every(on) !== false;
    };
    if (this.waiting) return;
    this.waiting = true;
    await this.#store.until(there, patience);
    this.waiting = false;
    await then();
  }

  /** Whether the phone that has the line is not this page's. */
  readonly elsewhere = $derived.by(() => {
    const { line } = this;
    return line?.phone === true && !this.phone.isMine(line.leg);
  });

  /** What is said of the phone follows from these. */
  get facts(): PhoneFacts {
    const { heard } = this.phone;
    const { elsewhere } = this;
    const told = elsewhere ? this.told : undefined;
    const deaf = heard.listening.trouble?.kind === "nothing";
    const state = steadyState(this.phone.state, this.phone.trouble);
    const { reserve } = this.phone;
    return {
      state,
      reserve,
      flows: heard.flows,
      trouble: heard.trouble,
      deaf,
      elsewhere,
      there: told?.sound,
    };
  }

  /** Who would be held if this page's phone left the line. */
  readonly talking = $derived.by(() => {
    if (this.line?.phone !== true || this.elsewhere) return [];
    const { air, mine } = this.#store;
    return this.phone.line === "air"
      ? air.filter((c) => isTalking(c.place))
      : mine.filter((c) => deskOf(c.place) !== undefined && c.place.state !== "held");
  });

  /** Who is on air by this desk's phone, whichever of its pages has that. */
  readonly onAir = $derived.by(() => {
    const { air, line } = this.#store;
    if (this.airThere) return this.airThere.name === line?.name ? air.filter((c) => isTalking(c.place)) : [];
    return this.phone.line === "air" ? this.talking : [];
  });

  /** What waits for its second press, as it takes the phone from under who is on air. */
  readonly asks = $derived.by(() => (this.talking.length > 0 ? this.#leaving.awaited : undefined));
  readonly early = $derived(this.#leaving.early);

  async connectOrDisconnect() {
    if (this.phone.state === "unsupported") return this.#backend.openBrowser?.();
    // Where there are lanes all of them come at once, and nobody is left alone meanwhile.
    if (this.phone.state === "off" && this.reserve.canTake) return this.reserve.takeLanes();
    if (this.phone.state === "off") return this.phone.connect();
    if (this.phone.reserve) return this.reserve.leave();
    if (this.#sure("disconnect")) await this.phone.disconnect();
  }

  /** Connects anew in the other mode. */
  async changeMode() {
    if (this.#sure("mode")) await this.phone.connect("air", !this.phone.direct);
  }

  /** Connects anew, so that the chosen devices are used. */
  async connectAnew() {
    if (this.#sure("devices")) await this.phone.connect("air");
  }

  #sure = (what: string): boolean => this.talking.length === 0 || this.#leaving.press(what);
}
