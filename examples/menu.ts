// A menu in one message: goods, a calendar, a number pad. Nothing is remembered between presses.
//
//   npm start -- examples/menu.ts      opens it in your browser; no token needed
import { calendar, menu, numberPad } from "@balekit/menu";
import { Bot } from "balekit";

const bot = new Bot(process.env.BALE_TOKEN);
const shop = menu("shop");
const goods = ["چای", "قهوه", "شکر"];

const home = shop.page("home", (view) => {
  view.say("چه می‌خواهید؟");
  for (const [id, name] of goods.entries()) {
    view
      .button(name, day.at({ month: "" }))
      .button(`دربارهٔ ${name}`, about.at({ id }))
      .row();
  }
});
const about = shop.page("about/:id", (view, { id }) =>
  view.say(`${goods[Number(id)]} خوب است.`).back(home.at({})),
);
const day = calendar(shop, "day", {
  clock: bot.clock,
  pick: () => ({ show: count.at({ typed: "" }) }),
  back: () => home.at({}),
});
const count = numberPad(shop, "count", {
  min: 1,
  max: 99,
  done: (value) => ({ notice: `${value} بسته ثبت شد`, show: home.at({}) }),
});

bot.extend(shop.plugin()).command("start", (ctx) => shop.send(ctx, home.at({})));
bot.catch((error) => console.error(error));

await bot.run();
