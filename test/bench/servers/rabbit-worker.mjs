// A worker of the RabbitMQ scenario: handles updates in 2 ms and tells its parent which, and whether in order.
import { rabbitInbox } from "@balekit/rabbitmq";
import { Bot } from "balekit";
import { token } from "../traffic.mjs";

const { url, prefix, apiRoot } = JSON.parse(process.argv[2]);
const bot = new Bot(token, { inbox: rabbitInbox(url, { prefix }), api: { apiRoot } });
let done = [];
function flush() {
  process.send?.(done);
  done = [];
}
bot.on("message:text", async (ctx) => {
  await new Promise((resolve) => setTimeout(resolve, 2));
  if (done.push([ctx.chat.id, ctx.update.update_id]) === 1) setTimeout(flush, 5);
});
process.on("disconnect", () => process.exit(0));
await bot.run({ role: "work" });
