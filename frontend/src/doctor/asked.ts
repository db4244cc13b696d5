/** What a terminal asks of this page, by way of the station. */
import type { Desk } from "../desk/desk.svelte";
import { lookAtPage } from "./pagelook";

type Asked = Pick<Desk, "backend" | "deskPhone">;

/** Tells what this page finds, unless another page of the desk has its phone: that one tells. Nothing is shown here. */
export async function answerLook({ backend, deskPhone }: Asked, look: string) {
  if (deskPhone.isOnAnotherPage) return;
  const findings = await lookAtPage(deskPhone, true);
  // Another desk may have told first, or this one too late: that is nobody's trouble here.
  await backend.operate("looked", { look, findings }).catch(() => {});
}
