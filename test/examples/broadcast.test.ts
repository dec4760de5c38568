import { expect, it } from "vitest";
import { runExample } from "./example.js";

it("reaches everybody through Bale's limits, passes over who blocked it, and answers meanwhile", {
  timeout: 60_000,
}, async () => {
  const { bale, ali, settled, output, stop } = await runExample("broadcast");
  const readers = Array.from({ length: 8 }, (_, at) => bale.user({ first_name: `خواننده ${at}` }));
  for (const reader of [ali, ...readers]) {
    await reader.sends("/start");
    await settled(() => expect(reader.inbox.last.text).toMatch(/^خوش آمدی/));
  }
  readers[2]?.blocks();
  // Both kinds of refusal: Bale's own, and the proxy's line of text.
  bale.fault({ kind: "429", method: "sendMessage", times: 2, retry_after: 1 });
  bale.fault({ kind: "429-text", method: "sendMessage" });

  await ali.sends("/news عید مبارک");
  await settled(() => expect(ali.inbox.last.text).toBe("به 8 نفر رسید؛ 1 نفر دیگر اینجا نیستند."));
  for (const [at, reader] of readers.entries()) {
    if (at !== 2) expect(reader.inbox.texts.filter((text) => text === "عید مبارک")).toEqual(["عید مبارک"]);
  }
  expect(output()).not.toContain("Error");
  expect(await stop()).toBe(0);
});
