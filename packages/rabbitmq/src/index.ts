/** The inbox for bots on many machines. */
export { rabbitInbox } from "./rabbitmq.js";
export type { RabbitInbox, RabbitInboxOptions } from "./rabbitmq.js";
/** What goes wrong between a bot and RabbitMQ. */
export { LostClaimError, RabbitPutError, RabbitSetupError } from "./errors.js";
