/** Draws the queue over a show. It is loaded with what it draws by when it is first shown. */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { CurvePoint } from "../backend/contract";
import { clockLength } from "../parts/length";
import { hoursAndMinutes, timeOfDay } from "../picture/time";
import { lines } from "./curvelines";

/** How far apart the marks of an axis of times of the clock may stand, in s. */
const evenSeconds = [10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];
/** The same of an axis of whole callers. */
const evenCounts = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];
/** What an axis reaches at least: callers, and seconds. */
const [leastCallers, leastWait] = [4, 60];

export class Plot {
  #plot: uPlot;
  #em = 0;
  readonly #at: HTMLElement;
  readonly #pointed: (index: number | undefined) => void;
  readonly #sizes = new ResizeObserver(() => this.#fit());
  readonly #themes = new MutationObserver(() => this.#plot.redraw(false));

  /** pointed is told which point the pointer is at, if any. */
  constructor(at: HTMLElement, points: CurvePoint[], pointed: (index: number | undefined) => void) {
    this.#at = at;
    this.#pointed = pointed;
    this.#plot = this.#drawn(columns(points));
    this.#sizes.observe(at);
    this.#themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  #drawn(data: uPlot.AlignedData): uPlot {
    const look = getComputedStyle(this.#at);
    const colour = (name: string) => () => look.getPropertyValue(name);
    // Whole pixels: of "15.84px" uPlot reads 84.
    const em = Math.round(Number.parseFloat(look.fontSize));
    this.#em = em;
    const axis = {
      stroke: colour("--dim"),
      grid: { stroke: colour("--edge"), width: 1 },
      ticks: { show: false },
      font: `${em}px ${look.fontFamily}`,
      labelFont: `${em}px ${look.fontFamily}`,
      labelSize: em * 1.6,
    };
    const stepped = uPlot.paths.stepped?.({ align: -1 });
    return new uPlot(
      {
        ...this.#size(),
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: em * 0.6 } },
        scales: {
          callers: { range: (_u, _min, max) => [0, Math.max(leastCallers, Math.ceil(max * 1.1))] },
          wait: { range: (_u, _min, max) => [0, Math.max(leastWait, max * 1.1)] },
        },
        axes: [
          {
            ...axis,
            size: em * 2.2,
            space: em * 8, // of "02:16:00 AM"
            incrs: evenSeconds,
            values: (_u, at, _axis, _space, apart) =>
              at.map((s) => (apart < 60 ? timeOfDay : hoursAndMinutes)(s * 1000)),
          },
          { ...axis, scale: "callers", label: "Callers", size: em * 3, incrs: evenCounts },
          {
            ...axis,
            scale: "wait",
            side: 1,
            label: "Longest wait",
            size: em * 4.2,
            grid: { show: false },
            incrs: evenSeconds,
            values: (_u, at) => at.map((s) => clockLength(s * 1000)),
          },
        ],
        series: [
          {},
          ...lines.map(({ scale, colour: name, dash, width }) => ({
            scale,
            stroke: colour(name),
            dash,
            width,
            points: { show: false },
            ...(scale === "callers" && stepped && { paths: stepped }),
          })),
        ],
        hooks: { setCursor: [(u) => this.#pointed(u.cursor.idx ?? undefined)] },
      },
      data,
      this.#at,
    );
  }

  /** Follows its place, and the size of its type: a page that is zoomed changes both. */
  #fit() {
    if (Math.round(Number.parseFloat(getComputedStyle(this.#at).fontSize)) === this.#em) {
      this.#plot.setSize(this.#size());
      return;
    }
    const { data } = this.#plot;
    this.#plot.destroy();
    this.#plot = this.#drawn(data);
  }

  show(points: CurvePoint[]) {
    this.#plot.setData(columns(points));
  }

  end() {
    this.#sizes.disconnect();
    this.#themes.disconnect();
    this.#plot.destroy();
  }

  #size = () => ({ width: this.#at.clientWidth, height: this.#at.clientHeight });
}

const columns = (points: CurvePoint[]): uPlot.AlignedData => [
  points.map((p) => p.at / 1000),
  points.map((p) => p.waiting),
  points.map((p) => p.onAir),
  points.map((p) => p.longestWaitMs / 1000),
];
