import { expect, test } from "vitest";
import { codeIn } from "./code";

test("the six digits are taken out of whatever is pasted around them, if it is clear which they are", () => {
  for (const text of [
    "123456",
    "123 456",
    " 123-456\n",
    "1 2 3 4 5 6",
    "code: 123 456",
    "Desk 2: 123 456",
    "Desk 2 123 456, until 10:15:30",
    "https://192.168.1.20:8443 123\u00a0456",
    "123 456 (again: 123456)",
  ])
    expect(codeIn(text), text).toBe("123456");
  for (const text of [
    "",
    "Desk 2",
    "12345",
    "123 45",
    "1234567",
    "123 456 789",
    "123 456 or 654 321",
    "+12025550100",
  ])
    expect(codeIn(text), text).toBeUndefined();
});
