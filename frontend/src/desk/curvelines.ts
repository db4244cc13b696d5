import type { CurvePoint } from "../backend/contract";
import { clockLength } from "../parts/length";

/** The lines of the queue over a show: no two have the same dashes. */
export const lines = [
  {
    name: "Waiting",
    scale: "callers",
    colour: "--waiting",
    dash: [],
    width: 2.5,
    says: (p: CurvePoint) => `${p.waiting}`,
  },
  {
    name: "On air",
    scale: "callers",
    colour: "--air",
    dash: [10, 5],
    width: 2,
    says: (p: CurvePoint) => `${p.onAir}`,
  },
  {
    name: "Longest wait",
    scale: "wait",
    colour: "--aside",
    dash: [2, 3],
    width: 2,
    says: (p: CurvePoint) => clockLength(p.longestWaitMs),
  },
];
