// An address of this server as a QR code, drawn by the server: <wp-qr text="http://…">.

import { h } from "../dom/html.js";

class WpQr extends HTMLElement {
  static observedAttributes = ["text"];

  attributeChangedCallback() {
    const text = this.getAttribute("text") ?? "";
    const source = `/api/v1/qr?text=${encodeURIComponent(text)}`;
    this.replaceChildren(h("img", { src: source, alt: `QR code of ${text}`, width: 200, height: 200 }));
  }
}

customElements.define("wp-qr", WpQr);
