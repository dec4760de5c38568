import type { ReadableStream } from "node:stream/web";
import type { DownloadedFile, DownloadOptions, DownloadToOptions, FileReference } from "balekit";
import { kitOf } from "./kit.js";

/** What a hydrated file can do: a photo's size, a document, a video, a sticker, … */
export class FileVerbs {
  /** Downloads it into memory. @throws TooLargeError above `maxBytes`, 64 MiB unless told otherwise */
  async download(options?: DownloadOptions | undefined): Promise<Uint8Array> {
    return kitOf(this).api.download(referenceOf(this), options);
  }

  /** Downloads it to a path, or into a folder under the name Bale has for it. It appears there whole or not at all. */
  async downloadTo(path: string, options?: DownloadToOptions | undefined): Promise<DownloadedFile> {
    return kitOf(this).api.downloadTo(referenceOf(this), path, options);
  }

  /** Downloads it as a web stream, no faster than it is read. */
  async downloadStream(options?: DownloadOptions | undefined): Promise<ReadableStream<Uint8Array>> {
    return kitOf(this).api.downloadStream(referenceOf(this), options);
  }
}

function referenceOf(file: FileVerbs): FileReference {
  return file as unknown as FileReference;
}
