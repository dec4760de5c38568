import type { Api } from "@balekit/api";
import { addBotProperty } from "./bot-property.js";
import type { LifeCycle } from "./life-cycle.js";
import { Outermost } from "./outermost.js";
import type { Tree } from "./tree.js";
import type { UserData } from "./user-data.js";
import type { WaitHook } from "./wait-hook.js";

/** The parts of a bot that composers hand something up to. */
export interface BotHooks {
  readonly bot: object;
  readonly api: Api;
  readonly life: LifeCycle;
  readonly userData: UserData;
  readonly waitHooks: WaitHook[];
}

/** Brings what composers hand up to a bot, now and later, to the part it is for. */
export function takeHooks(tree: Tree, { bot, api, life, userData, waitHooks }: BotHooks): void {
  const outermost = new Outermost();
  tree.listen((hook) => {
    if (hook.is === "transform") {
      if (hook.outermost === false) api.use(hook.transformer);
      else outermost.add(api, hook.transformer, hook.outermost === "results");
    } else if (hook.is === "start") life.on("start", hook.run);
    else if (hook.is === "stop") life.on("stop", hook.run);
    else if (hook.is === "wait") waitHooks.push(hook.hook);
    else if (hook.is === "property") addBotProperty(bot, hook);
    else userData.take(hook);
  });
}
