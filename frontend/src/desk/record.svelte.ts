import { SvelteSet } from "svelte/reactivity";
import { type Backend, Refused } from "../backend/backend";
import type { Bodies, Edition, Operation, RecordLine, Result, SavedFile, Track } from "../backend/contract";
import { Confirmation } from "../parts/confirmation.svelte";

/** How long after the last key a search begins, in ms. */
const typingPause = 250;

const savedAt = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const named = (file: SavedFile) => `${file.name} of ${savedAt.format(file.at)}`;

/** What the record view shows: a show's callers and what happened beside, newest first, as far as loaded. */
export class ShowRecord {
  shows = $state.raw<Edition[]>([]);
  show = $state<number>();
  search = $state("");
  /** Only what something failed in. */
  failed = $state(false);
  lines = $state.raw<RecordLine[]>([]);
  /** The lines whose steps are shown, by their numbers. */
  readonly unfolded = new SvelteSet<number>();
  /** The show's isolated tracks, and the folder that has them on this computer. */
  tracks = $state.raw<Track[]>([]);
  tracksIn = $state("");
  /** What was done or refused last, in words. */
  told = $state("");
  loading = $state(true);
  /** Of deleting the data of a number. */
  readonly forgetting = new Confirmation();

  #before = $state(0);
  /** Answers to an earlier question are thrown away. */
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #backend: Backend;

  readonly #mayHear: () => boolean;

  /** mayHear is whether this desk is one that gets the tracks. */
  constructor(backend: Backend, mayHear: () => boolean) {
    this.#backend = backend;
    this.#mayHear = mayHear;
  }

  readonly more = $derived(this.#before > 0);

  async begin() {
    const answer = await this.#ask("shows", {});
    this.shows = answer?.shows ?? [];
    this.show = this.shows[0]?.show;
    await this.choose();
  }

  /** Reads the first page anew. */
  async load() {
    clearTimeout(this.#timer);
    this.#before = 0;
    await this.#page(true);
  }

  /** Reads what there is of another show. */
  async choose() {
    await Promise.all([this.load(), this.#findTracks()]);
  }

  async #findTracks() {
    const { show } = this;
    this.tracks = [];
    if (show === undefined || !this.#mayHear()) return;
    const of = await this.#ask("tracks", { show });
    if (!of || show !== this.show) return;
    this.tracks = of.files;
    this.tracksIn = of.folder;
  }

  /** All, or only what something failed in. */
  filter() {
    this.failed = !this.failed;
    void this.load();
  }

  fold(line: RecordLine) {
    if (!this.unfolded.delete(line.seq)) this.unfolded.add(line.seq);
  }

  loadMore = () => this.#page(false);

  typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.load(), typingPause);
  }

  async #page(first: boolean) {
    const asked = ++this.#asked;
    const { show, search, failed } = this;
    this.loading = show !== undefined;
    if (show === undefined) return;
    const page = await this.#ask("record", { show, search, failed, before: this.#before });
    if (asked !== this.#asked) return;
    this.loading = false;
    if (!page) return;
    this.lines = first ? page.lines : [...this.lines, ...page.lines];
    this.#before = page.before;
  }

  /** Saves the record as a file on this computer, where the view has no downloads. */
  async save(format: "csv" | "json") {
    if (this.show === undefined) return;
    const saved = await this.#ask("saveRecord", { show: this.show, format });
    if (saved) this.told = `Saved as ${saved.path}`;
  }

  /** Saves a track as a file on this computer, or says where it is already. */
  async saveTrack({ name }: Track) {
    if (this.show === undefined) return;
    const saved = await this.#ask("saveTrack", { show: this.show, file: name });
    if (saved) this.told = `It is at ${saved.path}`;
  }

  download = (format: "csv" | "json") => this.#download(`/api/record/${this.show}.${format}`);
  downloadTrack = ({ name }: Track) => this.#download(`/api/tracks/${this.show}/${name}`);

  /** Downloads a file: a link could not show that this browser was let in. */
  async #download(path: string) {
    try {
      const file = await this.#backend.file(path);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = file.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // once it has surely been read
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.told = error.message;
    }
  }

  /** Deletes a person's data, on the second press. */
  async forget(number: string) {
    if (!this.forgetting.press(number)) {
      this.told = `Press again to delete number, names, locations and topics of ${number} from every show. This cannot be undone.`;
      return;
    }
    const done = await this.#ask("forget", { number });
    if (!done) return;
    await this.load();
    this.told = `Deleted from ${done.calls} ${done.calls === 1 ? "call" : "calls"}.`;
    if (done.files.length)
      this.told += ` Files that were saved before may still hold it; delete them by hand: ${done.files.map(named).join("; ")}.`;
    if (done.aside.length)
      this.told += ` Damaged journals may have the person too; delete them: ${done.aside.join(", ")}`;
  }

  async #ask<O extends Operation>(op: O, body: Bodies[O]): Promise<Result<O> | undefined> {
    try {
      return await this.#backend.operate(op, body);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.loading = false;
      this.told = error.message;
      return undefined;
    }
  }
}
