/** Values in a folder. */
export { file, type FileOptions, type FileStorage } from "./file.js";
