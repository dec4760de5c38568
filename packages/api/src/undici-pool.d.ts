/** undici's pool by itself: a third of the loading time of undici's front door, which brings fetch and WebSocket. */
declare module "undici/lib/dispatcher/pool.js" {
  import type { Pool } from "undici";
  const constructor: typeof Pool;
  export default constructor;
}
