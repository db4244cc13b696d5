import { expect, test } from "vitest";
import { mendsItself, phoneTrouble, slow, Troubles } from "./errors";

test("an error of Twilio's becomes a sentence with its code", () => {
  const blocked = phoneTrouble({ code: 31401, message: "UserMedia Permission Denied Error" });
  expect(blocked).toMatchObject({ code: 31401, again: "never" });
  expect(blocked.text).toContain("microphone is blocked");
  expect(blocked.text).toContain("(Twilio 31401)");
});

test("what a new call can cure is tried again soon, what may need somebody later, a blocked microphone never", () => {
  const again = (code: number) => phoneTrouble({ code }).again;
  const soon = [31005, 31009, 53000, 53405, 31480, 20104, 31205, 31402, 99999];
  expect(soon.filter((code) => again(code) !== "soon")).toEqual([]);
  const later = [20101, 31202, 31001, 31002, 31203];
  expect(later.filter((code) => again(code) !== "later")).toEqual([]);
  expect(again(31401)).toBe("never");
});

test("while there is a call, the SDK is left to find the way back, and not to renew a pass", () => {
  const mends = (code: number) => mendsItself(phoneTrouble({ code }));
  expect([31005, 53000, 53405].map(mends)).toEqual([true, true, true]);
  expect([20104, 31205, 31202].map(mends)).toEqual([false, false, false]);
});

test("a refused pass tells the exact code that Twilio sent", () => {
  const trouble = phoneTrouble({
    code: 20101,
    originalError: { code: 20101, message: "Invalid Access Token issuer/subject (20103)" },
  });
  expect(trouble.text).toContain("(Twilio 20101: Invalid Access Token issuer/subject (20103))");
});

test("an unknown code, no code and nothing at all are sentences too", () => {
  expect(phoneTrouble({ code: 99999 }).text).toBe("The phone's call failed. Trying again… (Twilio 99999)");
  expect(phoneTrouble(new Error("odd")).text).toBe("The phone did not connect (odd). Trying again…");
  expect(phoneTrouble(undefined).text).toBe("The phone did not connect. Trying again…");
  expect(phoneTrouble(new DOMException("no", "NotAllowedError")).code).toBe(31401);
});

test("while the phone tries again, each sentence is said once, whatever code comes with it", () => {
  const troubles = new Troubles();
  let shown = troubles.after(undefined, phoneTrouble({ code: 31005 }));
  const said = [shown.text];
  for (const next of [31009, 31005, slow, 31000, slow, 31486, 31005]) {
    shown = troubles.after(shown, typeof next === "number" ? phoneTrouble({ code: next }) : next);
    if (shown.text !== said.at(-1)) said.push(shown.text);
  }
  expect(said).toEqual([phoneTrouble({ code: 31005 }).text, slow.text, phoneTrouble({ code: 31486 }).text]);

  // What asks for a press is always shown, and a phone that was well begins anew.
  expect(troubles.after(shown, phoneTrouble({ code: 31401 })).code).toBe(31401);
  troubles.beginAnew();
  expect(troubles.after(undefined, phoneTrouble({ code: 31009 })).code).toBe(31009);
});
