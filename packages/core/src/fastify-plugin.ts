import type { IncomingMessage } from "node:http";
import type { Door } from "./webhook-door.js";

/** What the plugin needs of an instance of Fastify's. */
export interface FastifyLike {
  removeContentTypeParser(type: string): void;
  addContentTypeParser(
    type: string,
    options: { readonly parseAs: "buffer"; readonly bodyLimit: number },
    parser: (request: never, body: Buffer, done: (error: Error | null, body?: unknown) => void) => void,
  ): unknown;
  all(
    path: string,
    options: { readonly bodyLimit: number },
    handler: (
      request: { readonly raw: IncomingMessage; readonly body: unknown },
      reply: FastifyReplyLike,
    ) => void,
  ): unknown;
}

interface FastifyReplyLike {
  code(status: number): unknown;
  headers(values: Record<string, string>): unknown;
  send(body?: string): unknown;
}

/** What `app.register` of Fastify takes. */
export type FastifyPlugin = (instance: FastifyLike, options: object, done: () => void) => void;

const JSON_TYPE = "application/json";

/**
 * Adds a route for the secret path, behind the prefix it is registered with, if any. Bodies come to it as bytes, which
 * are parsed once; the plugin is encapsulated, so that other routes get theirs as before.
 */
export function fastifyPlugin(door: Door): FastifyPlugin {
  const bodyLimit = door.maxBytes;
  return function webhook(instance, _options, done) {
    // The app may have one of its own, which would be inherited.
    instance.removeContentTypeParser(JSON_TYPE);
    instance.addContentTypeParser(JSON_TYPE, { parseAs: "buffer", bodyLimit }, (_request, body, parsed) => {
      parsed(null, body);
    });
    instance.all(door.path, { bodyLimit }, (request, reply) => {
      // The router has compared the path already, with the prefix before it.
      door.receive(request.raw, door.path, request.body, (verdict) => {
        reply.code(verdict.status);
        if (verdict.body === "") {
          reply.send();
        } else {
          reply.headers(verdict.headers);
          reply.send(verdict.body);
        }
      });
    });
    done();
  };
}
