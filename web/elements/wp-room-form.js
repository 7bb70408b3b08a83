// Making a room, and going there.

import { submits } from "../dom/form.js";
import { the } from "../dom/html.js";
import { api } from "../lib/api.js";

class WpRoomForm extends HTMLElement {
  connectedCallback() {
    submits(the(this, "form", HTMLFormElement), async (values) => {
      const { id } = await api.post("/rooms", values);
      location.assign(`/rooms/${id}`);
    });
  }
}

customElements.define("wp-room-form", WpRoomForm);
