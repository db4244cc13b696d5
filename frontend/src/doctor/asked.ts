/** What a terminal asks of this page, by way of the station. */
import type { Desk } from "../desk/desk.svelte";
import { lookAtPage } from "./pagelook";
import { forSupport, summary, together } from "./words";

type Asked = Pick<Desk, "backend" | "deskPhone">;

/** Tells what this page finds, unless another page of the desk has its phone: that one tells. Nothing is shown here. */
export async function answerLook({ backend, deskPhone }: Asked, look: string) {
  if (deskPhone.isOnAnotherPage) return;
  const findings = await lookAtPage(deskPhone, true);
  // Another desk may have told first, or this one too late: that is nobody's trouble here.
  await backend.operate("looked", { look, findings }).catch(() => {});
}

/** Puts what the station's doctor and this page find on the clipboard, without secrets, for whoever helps. */
export async function copyDiagnostics(desk: Desk) {
  desk.notices.tell("Callin looks everything over, which takes a few seconds…");
  const talks = desk.store.is("host", "producer");
  const [station, page] = await Promise.all([desk.ask("doctor", {}), lookAtPage(desk.deskPhone, talks)]);
  if (!station) return;
  const findings = together(station.findings, page);
  try {
    await desk.copy(forSupport(findings, new Date(), desk.store.picture?.station.version ?? ""));
    desk.notices.tell(`The diagnostics were copied, without secrets. ${summary(findings)}`);
  } catch {
    desk.notices.tell("The diagnostics were not copied. Open Doctor, and copy its lines.", "refused");
  }
}
