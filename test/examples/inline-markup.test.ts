import { expect, it } from "vitest";
import { runExample } from "./example.js";

it("edits the message behind a pressed button, deletes it, and puts a keyboard up and away", {
  timeout: 60_000,
}, async () => {
  const { bale, ali, settled, stop } = await runExample("inline-markup");
  const labels = () => ali.inbox.last.reply_markup?.inline_keyboard.map((row) => row.map(({ text }) => text));

  await ali.sends("/start");
  await settled(() =>
    expect(labels()).toEqual([
      ["👍 0", "پاک کن"],
      ["سایت بله", "مستندات"],
    ]),
  );
  const question = ali.inbox.last.message_id;
  await ali.presses("👍 0");
  await settled(() => expect(labels()?.[0]?.[0]).toBe("👍 1"));
  expect(ali.inbox.last.message_id).toBe(question);
  const answer = () => bale.calls.last("answerCallbackQuery");
  await settled(() => expect(answer()?.params).toMatchObject({ text: "رأی تو ثبت شد" }));

  await ali.presses("پاک کن");
  await settled(() => expect(ali.inbox.all.some(({ message_id }) => message_id === question)).toBe(false));

  await ali.sends("/keyboard");
  await settled(() => expect(ali.inbox.last.text).toBe("یکی را انتخاب کن:"));
  await ali.presses("نشانی سایت");
  await settled(() => expect(ali.inbox.last.text).toBe("https://bale.ai"));
  await ali.presses("بستن");
  await settled(() => expect(ali.inbox.last.text).toBe("صفحه‌کلید بسته شد."));
  expect(await stop()).toBe(0);
});
