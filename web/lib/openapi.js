// Reading an OpenAPI 3.1 document: its operations grouped by what they are about, its schemas as lists of fields.

/**
 * @typedef {{name: string, type: string, required: boolean, note: string}} Field
 * @typedef {{status: string, description: string, fields: Field[]}} AnswerShape
 * @typedef {{name: string, place: string, required: boolean, values: string[]}} Input  one thing to fill in; `values` when only those are taken
 * @typedef {{method: string, path: string, summary: string, parameters: Field[], body: Field[] | null, answers: AnswerShape[],
 *   inputs: Input[], takes: string | null, example: unknown}} Operation  `takes` is the body's media type
 * @typedef {{name: string, operations: Operation[]}} Group
 * @typedef {Record<string, any>} Schema
 */

const METHODS = ["get", "post", "put", "patch", "delete", "head", "options"];
const DEEPEST = 3;

/**
 * The operations by the first word of their path after the version: `/api/v1/rooms/{id}` is about "rooms",
 * what stands elsewhere about the "server" itself.
 *
 * @param {Schema} document
 * @returns {Group[]}
 */
export function groups(document) {
  /** @type {Map<string, Operation[]>} */
  const found = new Map();
  for (const [path, methods] of Object.entries(document.paths ?? {})) {
    for (const method of METHODS.filter((known) => known in methods)) {
      const name = /^\/api\/v\d+\/([a-z-]+)(?=\/|$)/.exec(path)?.[1] ?? "server";
      found.set(name, [...(found.get(name) ?? []), operation(document, method, path, methods[method])]);
    }
  }
  return [...found].map(([name, operations]) => ({ name, operations }));
}

/**
 * The groups with those operations alone that have all these words in their method, path or summary.
 *
 * @param {Group[]} all
 * @param {string} words
 * @returns {Group[]}
 */
export function searched(all, words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return all
    .map(({ name, operations }) => ({
      name,
      operations: operations.filter(({ method, path, summary }) => {
        const text = `${method} ${path} ${summary}`.toLowerCase();
        return wanted.every((word) => text.includes(word));
      }),
    }))
    .filter(({ operations }) => operations.length > 0);
}

/**
 * A sentence for those who hear a table announced.
 *
 * @param {Field[]} fields
 */
export function described(fields) {
  return `Fields: ${fields.map(({ name }) => name).join(", ")}`;
}

/**
 * @param {Schema} document
 * @param {string} method
 * @param {string} path
 * @param {Schema} declared
 * @returns {Operation}
 */
function operation(document, method, path, declared) {
  const body = content(declared.requestBody);
  return {
    method: method.toUpperCase(),
    path,
    summary: declared.summary ?? "",
    parameters: (declared.parameters ?? []).map((/** @type {Schema} */ parameter) => ({
      name: parameter.name,
      type: typeName(document, parameter.schema ?? {}),
      required: parameter.required ?? false,
      note: [`in the ${parameter.in}`, limits(parameter.schema ?? {})].filter(Boolean).join(", "),
    })),
    inputs: (declared.parameters ?? []).map((/** @type {Schema} */ parameter) => ({
      name: parameter.name,
      place: parameter.in,
      required: parameter.required ?? false,
      values: (parameter.schema?.enum ?? []).map(String),
    })),
    body: body ? fields(document, body) : null,
    takes: Object.keys(declared.requestBody?.content ?? {})[0] ?? null,
    example: Object.values(declared.requestBody?.content ?? {})[0]?.example ?? null,
    answers: Object.entries(declared.responses ?? {}).map(([status, response]) => {
      const said = resolve(document, response);
      const schema = content(said);
      return { status, description: said.description ?? "", fields: schema ? fields(document, schema) : [] };
    }),
  };
}

/** @param {Schema | undefined} holder @returns {Schema | null} */
function content(holder) {
  const kinds = Object.values(holder?.content ?? {});
  return kinds[0]?.schema ?? null;
}

/**
 * The fields of an object, those of objects inside it as `outer.inner`, and of lists as `outer[].inner`.
 *
 * @param {Schema} document
 * @param {Schema} schema
 * @param {string} [prefix]
 * @param {number} [depth]
 * @returns {Field[]}
 */
function fields(document, schema, prefix = "", depth = 0) {
  const whole = resolve(document, schema);
  if (whole.type === "array") return fields(document, whole.items ?? {}, `${prefix}[]`, depth);
  if (!whole.properties) return [];
  const required = new Set(whole.required ?? []);
  return Object.entries(whole.properties).flatMap(([name, inner]) => {
    const full = prefix ? `${prefix}.${name}` : name;
    const own = { name: full, type: typeName(document, inner), required: required.has(name), note: limits(inner) };
    const within = depth < DEEPEST ? inside(document, inner).flatMap((part) => fields(document, part, full, depth + 1)) : [];
    return [own, ...within];
  });
}

/** @param {Schema} document @param {Schema} schema @returns {Schema[]} */
function inside(document, schema) {
  return (schema.anyOf ?? schema.oneOf ?? [schema]).map((/** @type {Schema} */ part) => resolve(document, part));
}

/** @param {Schema} document @param {Schema} schema @returns {string} */
function typeName(document, schema) {
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return several.map((/** @type {Schema} */ part) => typeName(document, part)).join(" | ");
  const whole = resolve(document, schema);
  if (whole.enum) return whole.enum.map((/** @type {unknown} */ value) => JSON.stringify(value)).join(" | ");
  if (whole.type === "array") return `${typeName(document, whole.items ?? {})}[]`;
  if (Array.isArray(whole.type)) return whole.type.join(" | ");
  return whole.type ?? "any";
}

/** @param {Schema} schema */
function limits(schema) {
  const said = [];
  if (schema.minLength) said.push(schema.minLength === 1 ? "not empty" : `at least ${schema.minLength} characters`);
  if (schema.maxLength) said.push(`at most ${schema.maxLength} characters`);
  if (schema.minimum !== undefined) said.push(`from ${schema.minimum}`);
  if (schema.maximum !== undefined) said.push(`to ${schema.maximum}`);
  if (schema.maxItems) said.push(`at most ${schema.maxItems}`);
  if (schema.default !== undefined && schema.default !== null) said.push(`otherwise ${JSON.stringify(schema.default)}`);
  return said.join(", ");
}

/** @param {Schema} document @param {Schema} schema @returns {Schema} */
function resolve(document, schema) {
  if (typeof schema.$ref !== "string") return schema;
  return schema.$ref.split("/").slice(1).reduce((at, step) => at?.[step.replaceAll("~1", "/").replaceAll("~0", "~")], document) ?? {};
}
