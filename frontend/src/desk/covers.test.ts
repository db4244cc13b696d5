// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { alertsBehind } from "./covers.svelte";

const changed = () => new Promise((done) => setTimeout(done)); // an observer hears of it after

test("an alert behind a dialog is told, unless it is held back; what still stands then is told afterwards", async () => {
  document.body.innerHTML = "<dialog><p role=alert>▲ in the dialog</p></dialog>";
  const told: string[] = [];
  const behind = alertsBehind((words) => told.push(words));
  // The room comes after the dialog: on a page that is loaded anew.
  document.body.insertAdjacentHTML("beforeend", "<main><div></div><section></section></main>");
  const alert = (where: string, words: string) => {
    const at = document.querySelector(where) as HTMLElement;
    at.innerHTML = words ? `<p role=alert>▲ ${words}</p>` : "";
  };
  alert("div", "lost");
  await changed();
  expect(told).toEqual(["lost"]);

  behind.hold(true);
  alert("div", "reconnecting");
  alert("section", "no sound");
  await changed();
  alert("div", "");
  await changed();
  expect(told).toEqual(["lost"]);
  behind.hold(false);
  expect(told).toEqual(["lost", "no sound"]);
  behind.stop();
});
