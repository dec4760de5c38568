// Writes to a folder until it is killed: write-file.ts <folder> <round>
import { writeUntilKilled } from "@balekit/storage/contract";
import { file } from "@balekit/storage/file";

const [folder = "", round = ""] = process.argv.slice(2);
void writeUntilKilled(file(folder), round);
