// A call that somebody tries from the documentation: what is sent for what they filled in, and how the answer reads.

/**
 * @typedef {import("./openapi.js").Operation} Operation
 * @typedef {{status: number, reason: string, milliseconds: number, headers: string, body: string}} Heard
 */

/** Text of an answer beyond this is left out: a page is no place for megabytes. */
export const LONGEST = 100_000;

/**
 * Address and options for `fetch`. Fields left empty are left out; with a token the browser's own session stays at home.
 *
 * @param {Operation} operation
 * @param {Record<string, string>} values  by the input's name
 * @param {string} body
 * @param {string} token
 * @returns {{url: string, init: RequestInit & {headers: Record<string, string>}}}
 */
export function call({ method, path, inputs, takes }, values, body, token) {
  let address = path;
  const query = new URLSearchParams();
  /** @type {Record<string, string>} */
  const headers = {};
  for (const { name, place } of inputs) {
    const value = values[name] ?? "";
    if (place === "path") address = address.replace(`{${name}}`, encodeURIComponent(value));
    else if (value && place === "query") query.set(name, value);
    else if (value) headers[name] = value;
  }
  if (token) headers.Authorization = `Bearer ${token}`;
  const init = /** @type {RequestInit & {headers: Record<string, string>}} */ ({ method, headers, credentials: token ? "omit" : "same-origin" });
  if (takes && body) {
    headers["Content-Type"] = takes;
    init.body = body;
  }
  return { url: query.size > 0 ? `${address}?${query}` : address, init };
}

/**
 * What came, to be read by people: JSON indented, anything that is not text by its size.
 *
 * @param {Response} response
 * @param {number} milliseconds
 * @returns {Promise<Heard>}
 */
export async function heard(response, milliseconds) {
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  return { status: response.status, reason: response.statusText, milliseconds, headers, body: await told(response) };
}

/** @param {Response} response */
async function told(response) {
  const kind = response.headers.get("Content-Type") ?? "";
  if (kind.startsWith("text/event-stream")) {
    await response.body?.cancel();
    return "(events, for as long as one listens)";
  }
  if (!/^text\/|json|xml|mpegurl/.test(kind)) {
    const { size } = await response.blob();
    return size > 0 ? `(${size} bytes of ${kind || "an unnamed type"})` : "";
  }
  const text = await response.text();
  const shown = kind.includes("json") ? indented(text) : text;
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}\n… and ${shown.length - LONGEST} characters more` : shown;
}

/** @param {string} text */
function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
