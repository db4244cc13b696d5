import type { CostKind, CostPart, Costs, ShowCost } from "../backend/contract";

/** An amount as this person's language has it; of a price of one minute with more of its small places. */
export function money(amount: number, currency: string | undefined, places = 2): string {
  const format = { minimumFractionDigits: 2, maximumFractionDigits: places };
  try {
    return new Intl.NumberFormat(
      undefined,
      currency ? { ...format, style: "currency", currency } : format,
    ).format(amount);
  } catch {
    return `${amount.toFixed(places)} ${currency}`; // no currency that this browser knows
  }
}

/** What some minutes come to: what rounds to nothing is not nothing. */
export const sumOf = (amount: number, currency: string | undefined): string =>
  amount > 0 && amount < 0.005 ? `< ${money(0.01, currency)}` : money(amount, currency);

export const kindWords: Record<CostKind, string> = {
  callers: "Callers on",
  lines: "On a line: each caller and phone",
  desks: "Desks' phones",
  telephones: "Telephone on",
};

/** What a kind of minutes comes to; undefined while its price is not known. */
export const partSum = ({ minutes, rate }: CostPart): number | undefined =>
  rate === undefined ? undefined : minutes * rate;

/** What some phones of a desk cost that are on a lane each, in words. */
export function phonesCost(costs: Costs | undefined, phones: number): string {
  const rate = (kind: CostKind) => costs?.shows.flatMap((s) => s.parts).find((p) => p.kind === kind)?.rate;
  const [desks, lines] = [rate("desks"), rate("lines")];
  const known = costs && !costs.free && desks !== undefined && lines !== undefined;
  const sum = known && `, ${money(phones * (desks + lines), costs.currency, 4)} a minute`;
  const more =
    phones === 1 ? "one more phone of a desk, on a line" : `${phones} more phones of a desk, each on a line`;
  return `costs ${more}${sum || ""}`;
}

/** What a show comes to, as far as it is known. */
export function sumWords({ sum, known, parts }: ShowCost, currency: string | undefined): string {
  if (!known && !parts.some((p) => p.minutes && p.rate !== undefined)) return "not known yet";
  return `${known ? "about" : "at least"} ${sumOf(sum, currency)}`;
}

/** What the lanes of a studio cost, in words; undefined where all callers share one line. */
export function laneWords(costs: Costs, show: ShowCost | undefined, lanes: number): string | undefined {
  if (lanes < 2) return undefined;
  const each = `Each of the ${lanes} lanes is a desk's phone and a place on a line, from when the phone comes on the line until it leaves`;
  if (costs.free) return `${each}.`;
  const rate = (kind: CostKind) => show?.parts.find((part) => part.kind === kind)?.rate;
  const [phone, place] = [rate("desks"), rate("lines")];
  return phone === undefined || place === undefined
    ? `${each}; what a minute of it costs is not known yet.`
    : `${each}: about ${money(phone + place, costs.currency, 4)} a minute.`;
}

/** How much of the limit a month has used, in whole percent; undefined where there is nothing to compare. */
export const usedOfLimit = ({ month, limit }: Costs): number | undefined =>
  month && limit > 0 ? Math.floor((100 * month.soFar) / limit) : undefined;

export type LimitState = "within" | "near" | "passed";

/** The bounds are those of Callin's own warnings. */
export function limitState(costs: Costs): LimitState {
  const used = usedOfLimit(costs) ?? 0;
  if (used >= 100) return "passed";
  return used >= 80 ? "near" : "within";
}

const dayAndTime = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

/** When Twilio told of a month: that may be days ago. */
export const toldAt = (ms: number): string => dayAndTime.format(ms);

/** What stands at the foot of the desk; nothing in a rehearsal, and until there is something to say. */
export function footerWords(
  costs: Costs | undefined,
  studio: string | undefined,
  open: boolean,
): { text: string; kind?: "busy" | "bad" } | undefined {
  const show = costs?.shows.find((s) => s.studio === studio);
  if (!costs || costs.free || !show) return undefined;
  const sum = sumWords(show, costs.currency);
  const text = show.sum > 0 ? `${open ? "This" : "Last"} show ${sum}` : "";
  const state = limitState(costs);
  if (state === "within") return text ? { text } : undefined;
  const limit =
    state === "passed" ? "▲ the month's limit is passed" : `▲ ${usedOfLimit(costs)} % of the month's limit`;
  return { text: [text, limit].filter(Boolean).join(" · "), kind: state === "passed" ? "bad" : "busy" };
}
