import type { Edition } from "../backend/contract";
import { hoursAndMinutes } from "../picture/time";

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

/** When one show was on: "25 Nov 2026, 19:00 to 20:58". */
export const editionTime = (show: Edition): string =>
  `${day.format(show.opened)}, ${hoursAndMinutes(show.opened)} to ${show.closed ? hoursAndMinutes(show.closed) : "now"}`;

/** The same with how many called. */
export const editionTitle = (show: Edition): string =>
  `${editionTime(show)} · ${show.calls} ${show.calls === 1 ? "call" : "calls"}`;
