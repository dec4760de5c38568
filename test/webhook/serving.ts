import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import type { Webhook } from "balekit";
import express from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import Koa from "koa";

/** What has to be closed after each test, last first: `afterEach(closeAll)`. */
export const closing: (() => unknown)[] = [];

/** Closes what a test has opened. */
export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}

/** Lets a server listen on a free port of this machine; answers the port. */
export async function listening(server: Server): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  closing.push(() => server.close().closeAllConnections());
  return (server.address() as AddressInfo).port;
}

/** Serves a webhook in a framework, beside a route of the app's own that reads JSON; answers the port. */
export type Serving = (hook: Webhook) => Promise<number>;

/** Serves a webhook in Fastify, behind a prefix or beside a parser of the app's own. */
export async function inFastify(hook: Webhook, prefix?: string, own = false): Promise<number> {
  const app = Fastify();
  if (own) {
    app.removeContentTypeParser("application/json");
    app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) =>
      done(null, JSON.parse(body as string)),
    );
  }
  app.register(hook.fastify(), prefix === undefined ? {} : { prefix });
  app.post("/own", async (request) => ({ got: request.body }));
  await app.listen({ port: 0, host: "127.0.0.1" });
  closing.push(() => app.close());
  return (app.server.address() as AddressInfo).port;
}

async function inHono(app: Hono): Promise<number> {
  app.post("/own", async (c) => c.json({ got: await c.req.json() }));
  return new Promise((ready) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => ready(port));
    closing.push(() => (server as Server).close().closeAllConnections());
  });
}

/** Every framework there is a handler for, and ways to read bodies before it. */
export const frameworks: Readonly<Record<string, Serving>> = {
  "node:http": (hook) =>
    listening(
      createServer((request, response) => {
        if (request.url !== "/own") return hook.node(request, response);
        request.resume();
        response.end(JSON.stringify({ got: { a: 1 } }));
      }),
    ),
  Express: (hook) => {
    const app = express();
    app.use(hook.express());
    app.post(
      "/own",
      express.json(),
      (request, response) => void response.json({ got: request.body as unknown }),
    );
    return listening(createServer(app));
  },
  "Express behind express.json()": (hook) => {
    const app = express();
    app.use(express.json({ limit: "2mb" }));
    app.use(hook.express());
    app.post("/own", (request, response) => void response.json({ got: request.body as unknown }));
    return listening(createServer(app));
  },
  "Express behind express.raw()": (hook) => {
    const app = express();
    app.use(hook.path, express.raw({ type: "application/json", limit: "2mb" }));
    app.use(hook.express());
    app.post(
      "/own",
      express.json(),
      (request, response) => void response.json({ got: request.body as unknown }),
    );
    return listening(createServer(app));
  },
  Koa: (hook) => {
    const app = new Koa();
    app.use(hook.koa());
    app.use(async (ctx) => {
      if (ctx.path !== "/own") return;
      let text = "";
      for await (const piece of ctx.req) text += String(piece);
      ctx.body = { got: JSON.parse(text) as unknown };
    });
    return listening(createServer(app.callback()));
  },
  "Koa behind a body parser": (hook) => {
    const app = new Koa();
    app.use(async (ctx, next) => {
      const pieces: Buffer[] = [];
      for await (const piece of ctx.req) pieces.push(piece as Buffer);
      const text = Buffer.concat(pieces).toString();
      if (ctx.is("json")) {
        try {
          Object.assign(ctx.request, { body: JSON.parse(text) as unknown, rawBody: text });
        } catch {
          Object.assign(ctx.request, { rawBody: text });
        }
      }
      await next();
    });
    app.use(hook.koa());
    app.use((ctx) => {
      if (ctx.path === "/own") ctx.body = { got: (ctx.request as { body?: unknown }).body };
    });
    return listening(createServer(app.callback()));
  },
  Fastify: (hook) => inFastify(hook),
  "Fastify with a parser of its own": (hook) => inFastify(hook, undefined, true),
  Hono: (hook) => {
    const app = new Hono();
    app.use(hook.hono());
    return inHono(app);
  },
  "Hono behind somebody who read the body": (hook) => {
    const app = new Hono();
    app.use(async (c, next) => {
      if (c.req.method === "POST") await c.req.text();
      await next();
    });
    app.use(hook.hono());
    return inHono(app);
  },
};

/** Waits for what real servers do, with a bound. */
export async function until(holds: () => boolean, ms = 20_000): Promise<void> {
  for (const limit = Date.now() + ms; !holds(); ) {
    if (Date.now() > limit) throw new Error(`It does not come about within ${ms} ms.`);
    await new Promise((later) => setTimeout(later, 5));
  }
}
