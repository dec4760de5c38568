import { type Channel, channel } from "node:diagnostics_channel";
import type { LaneEvent } from "./lane-event.js";

/**
 * What happens in conversations, for tracing and metrics: subscribe to these names with `node:diagnostics_channel`.
 * Nothing is built while nobody listens. They are the process's, whichever bot it happens in.
 */
export const conversationChannels: { readonly [Type in LaneEvent["type"]]: Channel } = {
  enter: channel("balekit:conversation:enter"),
  step: channel("balekit:conversation:step"),
  wait: channel("balekit:conversation:wait"),
  timeout: channel("balekit:conversation:timeout"),
  exit: channel("balekit:conversation:exit"),
  busy: channel("balekit:conversation:busy"),
  conflict: channel("balekit:conversation:conflict"),
  takeover: channel("balekit:conversation:takeover"),
  fenced: channel("balekit:conversation:fenced"),
  ambiguous: channel("balekit:conversation:ambiguous"),
  mismatch: channel("balekit:conversation:mismatch"),
  codeChanged: channel("balekit:conversation:codeChanged"),
  shadowDivergence: channel("balekit:conversation:shadowDivergence"),
  evict: channel("balekit:conversation:evict"),
  limit: channel("balekit:conversation:limit"),
  parked: channel("balekit:conversation:parked"),
  stray: channel("balekit:conversation:stray"),
};
