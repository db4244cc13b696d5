import { expect, test } from "vitest";
import { phoneTrouble } from "./errors";

test("an error of Twilio's becomes a sentence with its code", () => {
  const blocked = phoneTrouble({ code: 31401, message: "UserMedia Permission Denied Error" });
  expect(blocked).toMatchObject({ code: 31401, passing: false });
  expect(blocked.text).toContain("microphone is blocked");
  expect(blocked.text).toContain("(Twilio 31401)");
});

test("what tries again by itself is told from what waits for a person", () => {
  const passing = (code: number) => phoneTrouble({ code }).passing;
  expect([31005, 31009, 53000, 53405, 31480].map(passing)).toEqual([true, true, true, true, true]);
  expect([20101, 20104, 31202, 31001, 31402].map(passing)).toEqual([false, false, false, false, false]);
});

test("a refused pass tells the exact code that Twilio sent", () => {
  const trouble = phoneTrouble({
    code: 20101,
    originalError: { code: 20101, message: "Invalid Access Token issuer/subject (20103)" },
  });
  expect(trouble.text).toContain("(Twilio 20101: Invalid Access Token issuer/subject (20103))");
});

test("an unknown code, no code and nothing at all are sentences too", () => {
  expect(phoneTrouble({ code: 99999 }).text).toBe(
    "The phone's call failed. Press P to try again. (Twilio 99999)",
  );
  expect(phoneTrouble(new Error("odd")).text).toBe("The phone did not connect (odd). Press P to try again.");
  expect(phoneTrouble(undefined).text).toBe("The phone did not connect. Press P to try again.");
  expect(phoneTrouble(new DOMException("no", "NotAllowedError")).code).toBe(31401);
});
