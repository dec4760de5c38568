import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { runExample } from "./example.js";

it("uploads its picture, measures what it is sent, and sends a photo back by its id", {
  timeout: 60_000,
}, async () => {
  const { bale, ali, settled, stop } = await runExample("attachment");
  const picture = readFileSync(new URL("../../examples/attachment.png", import.meta.url));

  await ali.sends("/photo");
  await settled(() => expect(ali.inbox.last.caption).toBe("دماوند، هنگام غروب"));
  expect(ali.inbox.last.photo?.at(-1)?.file_size).toBe(picture.length);

  await ali.sendsDocument({ bytes: new Uint8Array(1234), name: "a.bin" });
  await settled(() => expect(ali.inbox.last.text).toBe("فایل تو ۱٬۲۳۴ بایت است."));

  await ali.sendsPhoto({ bytes: new Uint8Array(picture) });
  await settled(() => expect(ali.inbox.last.caption).toBe("این هم پس فرستادنش"));
  const text = `عکس تو ${picture.length.toLocaleString("fa")} بایت است.`;
  expect(ali.inbox.all.some((message) => message.text === text)).toBe(true);
  const photos = bale.calls.all("sendPhoto");
  expect(photos).toHaveLength(2);
  expect(typeof photos[1]?.params["photo"]).toBe("string");
  expect(await stop()).toBe(0);
});
