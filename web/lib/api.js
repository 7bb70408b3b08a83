// Talking to the server: JSON in and out, problem details (RFC 9457) as errors, one renewal of the session when it has run out.

/**
 * @typedef {{pointer: string, detail: string}} FieldError
 * @typedef {{status: number, detail: string, type?: string, title?: string, request_id?: string, errors?: FieldError[]}} ProblemDetails
 * @typedef {{signal?: AbortSignal, keepalive?: boolean, headers?: Record<string, string>, seen?: (headers: Headers) => void}} Options
 */

/** What the server refused, in its own words. Status 0 means that it could not be reached. */
export class ApiProblem extends Error {
  /**
   * @param {ProblemDetails} problem
   * @param {number | null} [retryAfter] in seconds
   */
  constructor(problem, retryAfter = null) {
    super(problem.detail);
    this.name = "ApiProblem";
    this.status = problem.status;
    this.detail = problem.detail;
    /** The kind of problem, where the status alone does not tell. */
    this.type = problem.type ?? "about:blank";
    this.requestId = problem.request_id ?? null;
    this.errors = problem.errors ?? [];
    this.retryAfter = retryAfter;
  }

  /**
   * What is wrong with one field of the body, if anything.
   *
   * @param {string} name
   * @returns {string | null}
   */
  field(name) {
    const found = this.errors.find(({ pointer }) => pointer === `/${name}` || pointer.startsWith(`/${name}/`));
    return found ? found.detail : null;
  }
}

/** One server, reached by `fetch`. */
export class Api {
  /** @type {Promise<boolean> | null} */
  #renewal = null;

  /** @param {{fetch?: typeof globalThis.fetch, base?: string}} [world] */
  constructor({ fetch = (...request) => globalThis.fetch(...request), base = "/api/v1" } = {}) {
    this.fetch = fetch;
    this.base = base;
  }

  /** @param {string} path @param {Options} [options] @returns {Promise<any>} */
  get(path, options) {
    return this.#ask("GET", path, undefined, options);
  }

  /** @param {string} path @param {unknown} [body] @param {Options} [options] @returns {Promise<any>} */
  post(path, body, options) {
    return this.#ask("POST", path, body, options);
  }

  /** A file as the whole body. @param {string} path @param {Blob} file @param {Options} [options] @returns {Promise<any>} */
  send(path, file, options) {
    return this.#ask("POST", path, file, options);
  }

  /** @param {string} path @param {unknown} [body] @param {Options} [options] @returns {Promise<any>} */
  put(path, body, options) {
    return this.#ask("PUT", path, body, options);
  }

  /** @param {string} path @param {unknown} [body] @param {Options} [options] @returns {Promise<any>} */
  patch(path, body, options) {
    return this.#ask("PATCH", path, body, options);
  }

  /** @param {string} path @param {Options & {body?: unknown}} [options] @returns {Promise<any>} */
  delete(path, options) {
    return this.#ask("DELETE", path, options?.body, options);
  }

  /**
   * The decoded answer, null when there is none. Throws ApiProblem; an abort throws what `fetch` throws.
   *
   * @param {string} method
   * @param {string} path
   * @param {unknown} body
   * @param {Options} [options]
   */
  async #ask(method, path, body, options = {}) {
    let response = await this.#send(method, path, body, options);
    // A 401 to signing in means a wrong password, not a session that ran out.
    if (response.status === 401 && !/^\/(auth|setup)\b/.test(path) && (await this.#renew())) {
      response = await this.#send(method, path, body, options);
    }
    if (!response.ok) throw await problemOf(response);
    options.seen?.(response.headers);
    return response.status === 204 ? null : await decoded(response);
  }

  /** Requests that meet the same end of the session wait for one renewal: a refresh token works once. */
  #renew() {
    this.#renewal ??= this.#send("POST", "/auth/refresh", {}, {})
      .then((response) => response.ok, () => false)
      .finally(() => (this.#renewal = null));
    return this.#renewal;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} body
   * @param {Options} options
   */
  async #send(method, path, body, options) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json", ...options.headers };
    const file = body instanceof Blob;
    if (body !== undefined) headers["Content-Type"] = file ? "application/octet-stream" : "application/json";
    /** @type {RequestInit} */
    const request = { method, headers, credentials: "same-origin" };
    if (body !== undefined) request.body = file ? body : JSON.stringify(body);
    if (options.signal) request.signal = options.signal;
    if (options.keepalive) request.keepalive = true;
    try {
      return await this.fetch(this.base + path, request);
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw new ApiProblem({ status: 0, detail: "The server cannot be reached. Check that it is running, then try again." });
    }
  }
}

export const api = new Api();

/** @param {Response} response */
async function problemOf(response) {
  const retryAfter = Number.parseFloat(response.headers.get("Retry-After") ?? "");
  const problem = problemFrom(response.status, await response.text());
  return new ApiProblem(problem, Number.isFinite(retryAfter) ? retryAfter : null);
}

/**
 * The problem an answer's text speaks of; an answer that is not problem details (a proxy's page) still becomes a sentence.
 *
 * @param {number} status
 * @param {string} text
 * @returns {ProblemDetails}
 */
export function problemFrom(status, text) {
  try {
    const problem = JSON.parse(text);
    if (typeof problem?.detail === "string") return { ...problem, status };
  } catch {
    // Not JSON: said below.
  }
  return { status, detail: `The server answered with an error (${status}). Try again in a moment.` };
}

/** @param {Response} response */
async function decoded(response) {
  try {
    return await response.json();
  } catch {
    throw new ApiProblem({ status: response.status, detail: "The server's answer could not be read. Try again in a moment." });
  }
}
