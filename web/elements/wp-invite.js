// A page of this server as a link and a QR code to hand on. `addresses` are those the server has on the network: at
// http://localhost this page's own address would lead others to their own machines.

import "./wp-copy.js";
import "./wp-qr.js";

import { h } from "../dom/html.js";

const HERE_ALONE = /^(localhost|127\.|\[::1\])/;

class WpInvite extends HTMLElement {
  connectedCallback() {
    const url = this.#url;
    const alone = "This address works on this machine alone. Open this page by the server's network address to get a link for others.";
    this.replaceChildren(
      h("wp-copy", { text: url, label: "Link to hand on" }),
      h("wp-qr", { text: url }),
      HERE_ALONE.test(new URL(url).hostname) ? h("p", { class: "soft small" }, alone) : "",
    );
  }

  get #url() {
    const known = (this.getAttribute("addresses") ?? "").split(" ").filter(Boolean);
    return HERE_ALONE.test(location.hostname) && known[0] ? known[0] : location.origin + this.getAttribute("path");
  }
}

customElements.define("wp-invite", WpInvite);
