import { OutputJudge, type OutputTrouble } from "./output";

/** How often is looked, in ms: of an output that goes not every system tells at once. */
const every = 1_500;

/** Whether the page still is heard where somebody listens. */
export class Listening {
  trouble = $state.raw<OutputTrouble>();
  readonly #judge = new OutputJudge();
  #timer: ReturnType<typeof setInterval> | undefined;
  #looks = 0;

  constructor() {
    navigator.mediaDevices?.addEventListener("devicechange", () => {
      if (this.#timer) void this.#look();
    });
  }

  /** The microphone is allowed: from now on the browser tells names. */
  begin() {
    this.end();
    this.#timer = setInterval(() => this.#look(), every);
    void this.#look();
  }

  end() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** What is used now is right. */
  accept() {
    this.#judge.accept();
    this.trouble = this.#judge.trouble;
  }

  async #look() {
    const mine = ++this.#looks;
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => undefined);
    if (!all || mine !== this.#looks) return;
    const outputs = all.filter((d) => d.kind === "audiooutput" && d.deviceId);
    this.#judge.look(outputs.map((d) => ({ id: d.deviceId, label: d.label, group: d.groupId })));
    this.trouble = this.#judge.trouble;
  }
}
