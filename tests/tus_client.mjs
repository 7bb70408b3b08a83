// Sends files with tus-js-client, two at a time, as the upload page does. Arguments: endpoint, token, module's path, then files.

import { createReadStream, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";

const [endpoint, token, modules, ...files] = process.argv.slice(2);
const tus = createRequire(modules)("tus-js-client");

/** @param {string} path */
function send(path) {
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(createReadStream(path), {
      endpoint,
      headers: { Authorization: `Bearer ${token}` },
      metadata: { filename: basename(path) },
      uploadSize: statSync(path).size,
      chunkSize: 100_000,
      retryDelays: Array(60).fill(20),
      onError: reject,
      onSuccess: resolve,
    });
    upload.start();
  });
}

const waiting = [...files];
await Promise.all([1, 2].map(async () => { for (let next = waiting.shift(); next; next = waiting.shift()) await send(next); }));
