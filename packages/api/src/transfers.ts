/** What moves files, in one module: it is loaded with the first upload or download, and most programs start without. */
export { downloadBytes, downloadStream, downloadTo } from "./download.js";
export { openDownload } from "./download-wire.js";
export { formOf } from "./form.js";
