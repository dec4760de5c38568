import type { User } from "@balekit/api";

import { EmulatorError } from "./emulator-error.js";

/** What is told of a person; everything but the name is made up when left out. */
export interface UserProfile {
  /** A whole number from 1 up, free so far. */
  readonly id?: number | undefined;
  readonly first_name: string;
  readonly last_name?: string | undefined;
  readonly username?: string | undefined;
  readonly language_code?: string | undefined;
  /** What a shared contact says. */
  readonly phone_number?: string | undefined;
}

/** A person, and how they stand with the bot. */
export interface Person {
  readonly user: User;
  readonly phoneNumber: string;
  /** Has written to the bot in private. Until then Bale says there is no such user. */
  started: boolean;
  blocked: boolean;
}

/** Ids have at most 52 significant bits (notes.md 5: documented). */
export const GREATEST_ID: number = 2 ** 52 - 1;

/** People of the emulated world, the bot not among them. */
export class Users {
  readonly #people: Map<number, Person> = new Map();
  #nextId = 100_001;

  /** @throws {EmulatorError} on an id that is taken or is none, or a missing name. */
  add(profile: UserProfile, taken: (id: number) => boolean): Person {
    if (typeof profile.first_name !== "string" || profile.first_name === "") {
      throw new EmulatorError(
        'Making a user: first_name is missing. Give one, such as { first_name: "Ali" }.',
      );
    }
    for (const name of ["last_name", "username", "language_code", "phone_number"] as const) {
      if (profile[name] !== undefined && typeof profile[name] !== "string") {
        throw new EmulatorError(`Making a user: ${name} must be a string.`);
      }
    }
    const id = profile.id ?? this.#freeId(taken);
    if (!Number.isInteger(id) || id < 1 || id > GREATEST_ID) {
      throw new EmulatorError(
        `Making a user: id is ${String(id)}. Give a whole number from 1 to 2^52 - 1, or none.`,
      );
    }
    if (taken(id)) throw new EmulatorError(`Making a user: id ${id} is taken. Give another, or none.`);
    const username = profile.username?.replace(/^@/, "");
    const person: Person = {
      user: {
        id,
        is_bot: false,
        first_name: profile.first_name,
        ...(profile.last_name === undefined ? {} : { last_name: profile.last_name }),
        ...(username === undefined ? {} : { username }),
        ...(profile.language_code === undefined ? {} : { language_code: profile.language_code }),
      },
      phoneNumber: profile.phone_number ?? `98912${String(id % 10_000_000).padStart(7, "0")}`,
      started: false,
      blocked: false,
    };
    this.#people.set(id, person);
    return person;
  }

  get(id: number): Person | undefined {
    return this.#people.get(id);
  }

  all(): Person[] {
    return [...this.#people.values()];
  }

  #freeId(taken: (id: number) => boolean): number {
    while (taken(this.#nextId)) this.#nextId++;
    return this.#nextId++;
  }
}
