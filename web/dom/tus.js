// tus-js-client, fetched when the first file is to be sent.

import { ApiProblem } from "../lib/api.js";

/**
 * Throws ApiProblem when it cannot be fetched.
 *
 * @returns {Promise<any>}
 */
export async function tusClient() {
  try {
    await import("../vendor/tus.js");
  } catch {
    throw new ApiProblem({ status: 0, detail: "A part of this page could not be fetched. Load the page again." });
  }
  return /** @type {any} */ (globalThis).tus;
}
