// What the page's player will show next.

import { Ahead } from "../lib/ahead.js";
import { api } from "../lib/api.js";

export const ahead = new Ahead((videoId) => api.get(`/videos/${encodeURIComponent(videoId)}/hls`), () => performance.now());
