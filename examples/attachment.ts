// Files both ways: sends a photo, and looks at the files it is sent.
//
//   npm start -- examples/attachment.ts
import { Bot, InputFile } from "balekit";

const bot = new Bot(process.env.BALE_TOKEN);

bot.command("start", (ctx) => ctx.reply("با /photo برایت عکس می‌فرستم. تو هم هر فایلی خواستی بفرست."));

// A file to upload: a path, a URL object of a file, bytes, or a stream. Here: the picture beside this file.
bot.command("photo", async (ctx) => {
  await ctx.typing("upload_photo");
  const picture = new InputFile(new URL("attachment.png", import.meta.url));
  await ctx.replyWithPhoto(picture, { caption: "دماوند، هنگام غروب" });
});

// ":file" fits anything that can be downloaded: photos, documents, voices, videos…
bot.on("message:file", async (ctx) => {
  // Of a photo, this is the largest size. Bale lets a bot download up to 20 MB; `maxBytes` may be less.
  const bytes = await ctx.api.download(ctx.attachment, { maxBytes: 5_000_000 });
  const type = ctx.message.photo ? "عکس" : "فایل";
  await ctx.reply(`${type} تو ${bytes.length.toLocaleString("fa")} بایت است.`, { quote: true });

  // A file Bale already has is sent again by its id: nothing is uploaded.
  if (ctx.message.photo) await ctx.replyWithPhoto(ctx.attachment.file_id, { caption: "این هم پس فرستادنش" });
});

await bot.run();
