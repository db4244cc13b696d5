import { afterEach, expect, test, vi } from "vitest";
import { pair } from "./pairing";

afterEach(() => void vi.unstubAllGlobals());

/** What comes of a code that is answered so. */
function answered(body: string | undefined, status: number) {
  vi.stubGlobal("fetch", async () => {
    if (body === undefined) throw new TypeError("no way there");
    return new Response(body, { status });
  });
  return pair("123456");
}

test("a browser is a desk when the station says which, and not by any other answer", async () => {
  expect(await answered('{"desk":{"id":"lou","name":"Lou"},"station":"Radio"}', 200)).toBeUndefined();
  const no = '{"code":"wrong_code","message":"This is not the code."}';
  expect(await answered(no, 403)).toEqual({ why: "This is not the code.", refused: true });
  expect(await answered(undefined, 0)).toMatchObject({
    refused: false,
    why: expect.stringContaining("did not answer"),
  });
  for (const [body, status] of [
    ["<html>Bad gateway</html>", 502],
    ["", 200],
    ["<html>Log in to the hotel</html>", 200],
    ["null", 200],
    ["{}", 200],
    ["{}", 500],
  ] as const)
    expect(await answered(body, status), `${status} ${body}`).toEqual({
      why: expect.stringContaining(`Something else than the station has answered (HTTP ${status})`),
      refused: false,
    });
});
