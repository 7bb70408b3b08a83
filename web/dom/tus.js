// tus-js-client, fetched when the first file is chosen.

/** @returns {Promise<any>} */
export async function tusClient() {
  await import("../vendor/tus.js");
  return /** @type {any} */ (globalThis).tus;
}
