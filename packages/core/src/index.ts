import { hello, type Update } from "@balekit/api"; export const x: Update = { update_id: hello().length };
