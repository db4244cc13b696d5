import type { Card, Change, Picture, Role, Sid, Trouble } from "../backend/contract";
import { clock } from "./clock.svelte";
import { deskName, deskWith, hasRole, ownDesk, ownLine, unseenByHost, withDesk } from "./desks";
import {
  fold,
  whole,
  withCheck,
  withCosts,
  withDesks,
  withDisk,
  withMicrophones,
  withoutMicrophones,
  withTracks,
  withWayIn,
} from "./fold";
import * as lists from "./lists";
import { viewOf } from "./view";

/** Makes a list that stays the same one while the same cards are in it, so that nobody shows it anew. */
function kept(make: () => Card[]): () => Card[] {
  let list: Card[] = [];
  return () => {
    const made = make();
    if (made.length !== list.length || made.some((card, at) => card !== list[at])) list = made;
    return list;
  };
}

/** The picture as it stands, and the lists that the desk shows of one studio. */
export class PictureStore {
  #whole = $state.raw<Picture>();
  /** The studio that is shown, by its id. */
  studio = $state("");

  readonly picture = $derived(this.#whole && viewOf(this.#whole, this.studio));

  /** The desk that this page is, and the studios that it may choose. */
  readonly desk = $derived(this.#whole && ownDesk(this.#whole));
  readonly studios = $derived(this.#whole?.studios.filter((s) => this.desk?.studios.includes(s.id)) ?? []);
  readonly allStudios = $derived(this.#whole?.studios ?? []);
  readonly desks = $derived(this.#whole?.desks ?? []);

  readonly cards = $derived(this.picture?.cards ?? []);
  readonly queues = $derived(this.picture?.show.queues ?? []);
  readonly line = $derived(this.picture ? lists.airLine(this.picture) : undefined);
  /** The line on which the host is talked to alone. */
  readonly toHost = $derived(
    this.picture?.studio.talkback ? lists.lineCalled(this.picture, this.picture.studio.talkback) : this.line,
  );
  /** The desk whose phone has that line, while it is cut off from the station and goes on. */
  readonly cutOff = $derived(
    this.desks.find((d) => d.cutOff && this.line?.phone === true && d.id === this.line.desk),
  );
  /** The desk's own line, for talking off air. */
  readonly own = $derived(
    this.picture ? lists.lineCalled(this.picture, ownLine(this.picture.you)) : undefined,
  );
  /** Thousands may wait: what happens on the air does not sort them anew, nor the other way. */
  readonly #queued = $derived.by(kept(() => this.cards.filter((c) => c.place.kind === "queue")));
  readonly #others = $derived.by(kept(() => this.cards.filter((c) => c.place.kind !== "queue")));
  readonly air = $derived.by(kept(() => lists.onAir(this.#others)));
  /** Those on their way to a line, or to stand otherwise on theirs. */
  readonly #coming = $derived.by(kept(() => this.cards.filter((c) => c.move?.to.kind === "line")));
  readonly current = $derived(lists.current(this.air));
  readonly ready = $derived.by(kept(() => lists.inQueue(this.#queued, this.queues[0])));
  readonly aside = $derived.by(kept(() => lists.setAside(this.#queued, this.queues)));
  /** Those whom this desk has off air, and those whom others have. */
  readonly mine = $derived.by(kept(() => withDesk(this.cards, this.picture?.you ?? "")));
  readonly others = $derived.by(
    kept(() =>
      this.cards.filter((c) => {
        const desk = deskWith(c);
        return desk !== undefined && desk !== this.picture?.you;
      }),
    ),
  );
  /** What was said on this studio's desks, oldest first; and what no host has seen of what is for hosts. */
  readonly chat = $derived(this.picture?.chat.filter((s) => s.studio === this.picture?.studio.id) ?? []);
  readonly unseen = $derived(this.picture ? unseenByHost(this.picture, this.picture.studio.id) : []);
  readonly arriving = $derived.by(kept(() => lists.arriving(this.#others)));
  /** The names of which there are two: their numbers tell them apart. */
  readonly twice = $derived(lists.twice(this.cards));
  readonly undoable = $derived(
    this.picture ? lists.undoable(this.#others, clock.now - this.picture.show.parkMs) : [],
  );
  readonly next = $derived(this.card(this.picture?.next));
  /** Those who were held because the phone left, on whichever lane. */
  readonly lost = $derived.by(() => {
    const { picture } = this;
    const lines = picture?.studio.lanes.map((name) => lists.lineCalled(picture, name)) ?? [];
    return lines.flatMap((l) => l.lost.flatMap((sid) => this.card(sid) ?? []));
  });

  readonly #onNotice: (notice: Trouble) => void;
  readonly #onLook: (look: string) => void;
  readonly #watchers = new Set<() => void>();

  constructor(onNotice: (notice: Trouble) => void, onLook: (look: string) => void = () => {}) {
    this.#onNotice = onNotice;
    this.#onLook = onLook;
  }

  /** Whether this desk has one of some roles. */
  is = (...roles: Role[]): boolean => hasRole(this.desk, ...roles);

  deskName = (id: string): string => deskName(this.desks, id);

  /** Who is on a lane, and who is on the way there, or to stand otherwise there. */
  onLane = (line: string): Card[] => this.air.filter((c) => c.place.name === line);
  /** Who is talked to off air and goes back to hold on a lane: it is kept for them. */
  goesBackTo = (line: string): Card[] => this.#others.filter((c) => c.fromHold === line);
  comesTo = (line: string): Card[] => this.#coming.filter((c) => c.move?.to.name === line);

  card(sid: Sid | undefined) {
    return sid ? this.cards.find((c) => c.call === sid) : undefined;
  }

  onPicture = (picture: Picture) => {
    clock.correct(picture.now);
    this.#whole = whole(picture);
    this.#tell();
  };

  /** Changes that come before any picture are left out: a picture follows. */
  onChanges = (changes: Change[]) => {
    for (const change of changes) this.#onNoFact(change);
    if (!this.#whole) return;
    const before = this.#whole.seq;
    this.#whole = fold(this.#whole, changes);
    if (this.#whole.seq > before) this.#tell();
  };

  /** What a change says that is not one of the numbered facts. */
  #onNoFact(change: Change) {
    if (change.now) clock.correct(change.now);
    if (change.notice) this.#onNotice(change.notice);
    if (!this.#whole) return;
    if (change.look) this.#onLook(change.look);
    if (change.disk) this.#whole = withDisk(this.#whole, change.disk);
    if (change.desks) this.#whole = withDesks(this.#whole, change.desks);
    if (change.wayIn) this.#whole = withWayIn(this.#whole, change.wayIn);
    if (change.check) this.#whole = withCheck(this.#whole, change.check);
    if (change.costs) this.#whole = withCosts(this.#whole, change.costs);
    if (change.tracks) this.#whole = withTracks(this.#whole, change.tracks);
    if (change.microphones) this.#whole = withMicrophones(this.#whole, change.microphones);
  }

  /** Callin tells nothing any more, for now. */
  onLost() {
    if (this.#whole) this.#whole = withoutMicrophones(this.#whole);
  }

  /** Waits until test holds, for at most ms; resolves to whether it does. */
  until(test: () => boolean, ms: number): Promise<boolean> {
    if (test()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const done = (held: boolean) => {
        clearTimeout(timer);
        this.#watchers.delete(watcher);
        resolve(held);
      };
      const watcher = () => {
        if (test()) done(true);
      };
      const timer = setTimeout(() => done(false), ms);
      this.#watchers.add(watcher);
    });
  }

  #tell() {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
