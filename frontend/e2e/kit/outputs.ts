import type { Page } from "@playwright/test";

/** The computer's sound outputs in the test's hands; the first is the computer's choice. */
export async function withOutputs(page: Page): Promise<(...labels: string[]) => Promise<void>> {
  await page.addInitScript(() => {
    const media = navigator.mediaDevices;
    const list = media.enumerateDevices.bind(media);
    let labels = ["Headset", "Speakers"];
    media.enumerateDevices = async () => {
      const all = (await list()).filter((d) => d.kind !== "audiooutput");
      const output = (deviceId: string, label: string) => {
        const it = { deviceId, label, kind: "audiooutput", groupId: "" };
        return { ...it, toJSON: () => it } as MediaDeviceInfo;
      };
      const choice = labels.slice(0, 1).map((label) => output("default", `Default - ${label}`));
      return [...all, ...choice, ...labels.map((label) => output(label, label))];
    };
    const plug = (now: string[]) => {
      const less = now.length < labels.length;
      labels = now;
      // Chromium on Linux tells of an output that came, and of none that went.
      if (!less) media.dispatchEvent(new Event("devicechange"));
    };
    Object.assign(window, { plug });
  });
  return (...labels) =>
    page.evaluate((now) => (window as unknown as { plug(now: string[]): void }).plug(now), labels);
}
