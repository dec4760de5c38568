// Writes to a database until it is killed: write-sqlite.ts <kind> <path> <round>
import { writeUntilKilled } from "@balekit/storage/contract";
import { sqlite } from "@balekit/storage/sqlite";
import { sqliteKind } from "../databases.js";

const [kind = "", path = "", round = ""] = process.argv.slice(2);
void writeUntilKilled(sqlite(sqliteKind(kind).open(path)), round);
