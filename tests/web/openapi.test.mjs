import assert from "node:assert/strict";
import { test } from "node:test";

import { groups } from "../../web/lib/openapi.js";

const DOCUMENT = {
  paths: {
    "/api/v1/rooms": {
      get: {
        summary: "The rooms.",
        parameters: [{ name: "limit", in: "query", required: false, schema: { type: "integer", minimum: 1, maximum: 100, default: 24 } }],
        responses: { 200: { description: "OK", content: { "application/json": { schema: { $ref: "#/components/schemas/Page" } } } } },
      },
      post: {
        summary: "Make a room.",
        requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/NewRoom" } } } },
        responses: { 201: { description: "Made" }, 422: { $ref: "#/components/responses/Problem" } },
      },
    },
    "/livez": { get: { summary: "Is it alive?", responses: { 200: { description: "OK" } } } },
  },
  components: {
    responses: { Problem: { description: "What went wrong." } },
    schemas: {
      NewRoom: {
        type: "object",
        required: ["name"],
        properties: {
          name: { type: "string", minLength: 1, maxLength: 40 },
          video_id: { anyOf: [{ type: "string" }, { type: "null" }] },
          control: { enum: ["everyone", "hosts"] },
        },
      },
      Page: {
        type: "object",
        required: ["items"],
        properties: { items: { type: "array", items: { $ref: "#/components/schemas/Room" } } },
      },
      Room: {
        type: "object",
        required: ["id"],
        properties: { id: { type: "string" }, parent: { anyOf: [{ $ref: "#/components/schemas/Room" }, { type: "null" }] } },
      },
    },
  },
};

const [rooms, server] = groups(DOCUMENT);
const [list, make] = rooms.operations;

test("operations are grouped by what their path is about", () => {
  assert.deepEqual([rooms.name, server.name], ["rooms", "server"]);
  assert.deepEqual(rooms.operations.map(({ method, path }) => `${method} ${path}`), ["GET /api/v1/rooms", "POST /api/v1/rooms"]);
});

test("a body is a list of fields with their types, limits, and whether they are needed", () => {
  assert.deepEqual(make.body, [
    { name: "name", type: "string", required: true, note: "not empty, at most 40 characters" },
    { name: "video_id", type: "string | null", required: false, note: "" },
    { name: "control", type: '"everyone" | "hosts"', required: false, note: "" },
  ]);
});

test("a parameter says where it stands and what is taken when it is left out", () => {
  assert.deepEqual(list.parameters, [
    { name: "limit", type: "integer", required: false, note: "in the query, from 1, to 100, otherwise 24" },
  ]);
});

test("references to answers are followed", () => {
  assert.deepEqual(make.answers[1], { status: "422", description: "What went wrong.", fields: [] });
});

test("a schema that holds itself is followed a few steps and no further", () => {
  const names = list.answers[0].fields.map(({ name }) => name);
  assert.deepEqual(names.slice(0, 3), ["items", "items[].id", "items[].parent"]);
  assert.ok(names.length < 12);
});
