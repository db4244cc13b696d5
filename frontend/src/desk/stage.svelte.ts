import type { Bodies, Operation, Result, Sid, StageNow, StageTrouble } from "../backend/contract";
import { kept } from "../parts/kept.svelte";

/** How long a trouble lasts, in s. */
export const troubleSeconds = 20;

/** Every trouble: what it is called, and what is wrong while it lasts. */
export const troubles: Record<StageTrouble, { label: string; wrong: string }> = {
  restDown: { label: "Twilio is down", wrong: "Twilio is down" },
  restBusy: { label: "Twilio is too busy (429)", wrong: "Twilio is too busy" },
  restSlow: { label: "Twilio answers 3 s late", wrong: "Twilio answers 3 s late" },
  newsLate: { label: "News comes late", wrong: "Twilio's news comes late" },
  newsDoubled: { label: "News comes twice", wrong: "Twilio's news comes twice" },
  newsDisordered: { label: "News out of order", wrong: "Twilio's news is out of order" },
  newsLost: { label: "Half of the news is lost", wrong: "Half of Twilio's news is lost" },
  phoneCut: { label: "My phone is cut off", wrong: "The phone is cut off" },
  soundCut: { label: "My phone's sound is lost", wrong: "The phone's sound is lost" },
};

type Ask = <O extends Operation>(op: O, body: Bodies[O]) => Promise<Result<O> | undefined>;

/** A rehearsal's stage: its made-up callers and what goes wrong. */
export class Stage {
  now = $state.raw<StageNow>({ callers: [], more: 0 });
  /** The trouble that is chosen to begin next. */
  chosen = $state<StageTrouble>("restDown");
  readonly shown = kept("callin.stage", true);
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  onStage = (now: StageNow) => {
    this.now = now;
  };

  ring = (count: number) => this.#ask("stageRing", { count });
  hangUp = (call: Sid) => this.#ask("stageHangup", { call });
  hangUpAll = () => this.#ask("stageHangupAll", {});
  begin = () => this.#ask("stageTrouble", { kind: this.chosen, seconds: troubleSeconds });
  end = () => this.#ask("stageMend", {});
  beginOrEnd = () => (this.now.trouble ? this.end() : this.begin());
}
