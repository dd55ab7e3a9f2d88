// <payoff-suggestion key unit proof person lang heading server theme target>: one suggestion inside somebody's own
// product. It builds its own nodes (no HTML text, no inline style), keeps nothing in the browser, and takes no room
// where it has nothing to show. The server decides what stands and says it in one language; this draws it.
"use strict";

(() => {
  const HERE = document.currentScript ? new URL(document.currentScript.src).origin : "";
  const DARK =
    "--s:#1a2028;--i:#e8ebef;--m:#a9b3bf;--e:#7b8694;--a:#80bbff;--o:#0a1b2e;--l:#333c48;color-scheme:dark";
  const LOOK = `
:host{display:block;--s:#fff;--i:#1d2530;--m:#525c69;--e:#7d8590;--a:#0b5cad;--o:#fff;--l:#d8d9d6;color-scheme:light}
@media (prefers-color-scheme:dark){:host(:not([theme=light])){${DARK}}}
:host([theme=dark]){${DARK}}
*{box-sizing:border-box;font:inherit;color:inherit}
section{font-family:var(--payoff-font,inherit);line-height:1.5;padding:var(--payoff-space,1.25rem);
background:var(--payoff-surface,var(--s));color:var(--payoff-ink,var(--i));
border:1px solid var(--payoff-line,var(--l));border-radius:var(--payoff-radius,.5rem);overflow-wrap:anywhere}
:is(p,ul,fieldset){margin:.5rem 0 0;padding:0;border:0}
li{margin-inline-start:1.25rem}
h2,h3,h4,h5,h6{margin:.25rem 0 0;font-size:1.1875em;font-weight:600}
.small{font-size:.875em;color:var(--payoff-muted,var(--m))}
p[role=status]:empty{display:none}
.row{display:flex;flex-wrap:wrap;gap:.5rem;margin-top:1rem}
button,a.button{min-height:2.75rem;padding:.5rem 1rem;border:1px solid var(--payoff-edge,var(--e));cursor:pointer;
border-radius:var(--payoff-radius,.5rem);background:transparent;text-decoration:none;
display:inline-flex;align-items:center}
.primary{background:var(--payoff-accent,var(--a))!important;border-color:transparent;
color:var(--payoff-on-accent,var(--o))}
a:not(.button){color:var(--payoff-accent,var(--a));text-decoration:underline}
:focus-visible{outline:3px solid var(--payoff-accent,var(--a));outline-offset:2px}
.row>.small{align-self:center}
.thumb{gap:.5rem}
.thumb::before{content:"";width:22px;height:22px;background:currentColor;
clip-path:path("M2 10h3v10H2zM7 10l4-8c2 0 2 2 2 3v4h8l-2 11H7z")}
[data-what=down]::before{transform:scaleY(-1)}
[aria-pressed=true]{border-color:var(--payoff-accent,var(--a));box-shadow:inset 0 0 0 1px var(--payoff-accent,var(--a))}
summary{min-height:2.75rem;display:list-item;padding:.6rem 0;cursor:pointer}
label{display:block;margin-top:.5rem}
fieldset label{display:flex;gap:.5rem;align-items:center;min-height:2.75rem;margin:0}
textarea{display:block;width:100%;min-height:4.5rem;padding:.5rem;background:transparent;
border:1px solid var(--payoff-edge,var(--e));border-radius:var(--payoff-radius,.5rem)}`;
  const sheet = (text) => {
    const made = new CSSStyleSheet();
    made.replaceSync(text);
    return made;
  };
  const ON = sheet(LOOK);
  const OFF = sheet(":host{display:none!important}");
  const WORDED = ["open", "yes"];
  const ASKED = ["open", "yes", "later", "no"];

  /** One element: make("p", {class: "small"}, "text", child, …); what is empty is left out. */
  const make = (name, given, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(given || {})) {
      if (typeof value === "function") node.addEventListener(key, value);
      else if (value !== false && value != null) node.setAttribute(key, value);
    }
    node.append(...children.filter((child) => child));
    return node;
  };

  /** Only pages: whatever else a link may be, it is no link here. */
  const page = (link) => {
    try {
      return link && /^https?:$/.test(new URL(link, document.baseURI).protocol) ? link : "";
    } catch {
      return "";
    }
  };

  class PayoffSuggestion extends HTMLElement {
    static observedAttributes = ["key", "site-key", "unit", "proof", "person", "lang", "heading", "server"];
    #data = null;
    #asked = 0;
    #waiting = false;
    #busy = false;
    #fresh = false;
    #seen = null;

    constructor() {
      super();
      this.attachShadow({ mode: "open" }).adoptedStyleSheets = [OFF];
    }

    connectedCallback() {
      this.#soon();
    }

    disconnectedCallback() {
      this.#asked += 1;
      this.#seen?.disconnect();
    }

    attributeChangedCallback(name, before, after) {
      // A fresh proof for what is shown already changes nothing: answers go under the ticket that came with it.
      if (before !== after && !(name === "proof" && this.#data)) this.#soon();
    }

    /** React and Vue keep `key` to themselves: there it is called `site-key`. */
    #key() {
      return this.getAttribute("key") || this.getAttribute("site-key");
    }

    #soon() {
      if (this.#waiting) return;
      this.#waiting = true;
      queueMicrotask(() => {
        this.#waiting = false;
        if (this.isConnected) this.#load();
      });
    }

    async #load() {
      const turn = (this.#asked += 1);
      this.#clear();
      const missing = ["unit", "proof"].filter((name) => !this.getAttribute(name));
      if (!this.#key()) missing.unshift("key");
      try {
        if (missing.length) throw new Error(`the attribute ${missing.join(", ")} is missing`);
        const lang = this.closest("[lang]")?.getAttribute("lang") || navigator.language || "";
        const asked = { unit: this.getAttribute("unit"), proof: this.getAttribute("proof"), lang };
        const data = await this.#ask("suggestion", { ...asked, person: this.getAttribute("person") || "" });
        if (turn !== this.#asked) return;
        if (data.state === "nothing") this.#tell("empty");
        else this.#show(data);
      } catch (error) {
        if (turn !== this.#asked) return;
        this.#clear();
        this.#failed(error);
      }
    }

    async #ask(what, body) {
      const server = (this.getAttribute("server") || HERE).replace(/\/+$/, "");
      const address = `${server}/widget/v1/${what}?key=${encodeURIComponent(this.#key())}`;
      let answer;
      try {
        answer = await fetch(address, {
          method: "POST",
          credentials: "omit",
          keepalive: true,
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(body),
        });
      } catch {
        const where = `is ${location.origin} among the key's sites, and the server in connect-src?`;
        throw new Error(`${server || "the server"} did not answer; ${where}`);
      }
      const data = await answer.json();
      if (!answer.ok) throw new Error([data.what, data.mend].filter(Boolean).join(". "));
      return data;
    }

    #failed(error) {
      console.warn(`payoff-suggestion: ${error.message}`);
      this.#tell("error", { reason: error.message });
    }

    #tell(name, detail = {}) {
      this.dispatchEvent(new CustomEvent(`payoff-${name}`, { bubbles: true, composed: true, detail }));
    }

    #clear() {
      this.#seen?.disconnect();
      this.#data = null;
      this.shadowRoot.replaceChildren();
      this.shadowRoot.adoptedStyleSheets = [OFF];
    }

    #show(data) {
      this.#data = data;
      const level = Math.min(6, Math.max(2, Number(this.getAttribute("heading")) || 2));
      const box = make("section", { part: "box", lang: data.language, "aria-labelledby": "title" });
      // The line that is read out stays the same node: a new one would not be announced.
      const parts = ["div", "p", "div"].map((name) => make(name));
      parts[1].setAttribute("role", "status");
      parts[1].setAttribute("part", "status");
      if (data.label) box.append(make("p", { class: "small", part: "label" }, data.label));
      box.append(make(`h${level}`, { id: "title", part: "title" }, data.title), ...parts);
      this.shadowRoot.replaceChildren(box);
      this.shadowRoot.adoptedStyleSheets = [ON];
      this.#fresh = false;
      this.#draw(data);
      this.#tell("shown");
      this.#watch(box, () => (data.state === "news" ? this.#read() : this.#quietly({ what: "shown" })));
    }

    #draw(data) {
      this.#data = data;
      const [body, status, more] = this.shadowRoot.querySelectorAll("section > div, section > [role=status]");
      const worded = WORDED.includes(data.state);
      body.replaceChildren();
      if (worded && data.why) body.append(make("p", { part: "why" }, data.why));
      if (worded && data.note) body.append(make("p", { class: "small" }, data.note));
      status.textContent = data.message;
      const asked = [this.#answers(data), this.#thumbs(data), this.#form(data)];
      more.replaceChildren(...[...asked, worded && this.#about(data.about), this.#past(data)].filter(Boolean));
    }

    #answers(data) {
      if (data.state === "news") return null;
      const row = make("div", { class: "row", part: "answers" });
      const target = this.getAttribute("target");
      const yes = { class: "button primary", part: "primary", "data-what": "yes", target };
      const link = page(data.link);
      const button = (what, text, given) =>
        make("button", { type: "button", "data-what": what, click: () => this.#answer(what), ...given }, text);
      if (data.state === "open") {
        const led = { ...yes, href: link, click: () => this.#answer("yes") };
        row.append(link ? make("a", led, data.yes) : button("yes", data.yes, yes));
        row.append(button("later", data.later), button("no", data.no));
      } else {
        if (data.state === "yes" && link) row.append(make("a", { ...yes, href: link }, data.yes));
        row.append(button("undo", data.undo));
      }
      return row;
    }

    #thumbs(data) {
      if (!ASKED.includes(data.state)) return null;
      const thumb = (what, value) => {
        const given = { type: "button", class: "thumb", "data-what": what, click: () => this.#answer(what) };
        return make("button", { ...given, "aria-pressed": `${data.thumb === value}` }, data[what]);
      };
      const group = { class: "row", part: "thumbs", role: "group", "aria-label": data.rate };
      const asked = make("span", { class: "small" }, data.rate);
      return make("div", group, asked, thumb("up", 1), thumb("down", -1));
    }

    #form(data) {
      if (!data.words || !ASKED.includes(data.state) || (data.state === "open" && !data.thumb)) return null;
      const reasons = data.state === "no" && make("fieldset", null, make("legend", null, data.ask));
      for (const [code, text] of reasons ? data.reasons : []) {
        reasons.append(make("label", null, make("input", { type: "radio", name: "reason", value: code }), text));
      }
      const words = make("textarea", { name: "words", maxlength: 2000 });
      const send = make("p", null, make("button", null, data.send));
      const form = make("form", { part: "form" }, reasons, make("label", null, data.words, words), send);
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const given = new FormData(form);
        const said = { reason: given.get("reason") || "", words: given.get("words").trim() };
        if (said.reason || said.words) this.#send("said", said, "undo");
        else {
          this.shadowRoot.querySelector("[role=status]").textContent = data.missing;
          words.focus();
        }
      });
      // Asked once, right after an answer; whoever comes back later opens it themselves.
      return this.#fresh ? form : make("details", { part: "form" }, make("summary", null, data.words), form);
    }

    #about(about) {
      const link = page(about.privacy_link);
      const hide = (what, text) => make("button", { type: "button", click: () => this.#answer(what) }, text);
      return make(
        "details",
        { part: "about" },
        make("summary", null, about.ask),
        make("p", null, about.text),
        about.facts.length && make("ul", null, ...about.facts.map((fact) => make("li", null, fact))),
        about.rest && make("p", null, about.rest),
        make("p", null, about.reads),
        link && make("p", null, make("a", { href: link, target: this.getAttribute("target") }, about.privacy)),
        make("div", { class: "row" }, hide("hide", about.hide), hide("off", about.off)),
      );
    }

    #past(data) {
      if (!data.past.length || ["hidden", "stopped"].includes(data.state)) return null;
      const lines = data.past.map((line) => {
        const head = make("span", { class: "small" }, [line.when, line.title].filter(Boolean).join(" · "));
        return make("li", null, head, ...[...line.said, line.state].map((text) => text && make("p", null, text)));
      });
      const list = make("ul", null, ...lines);
      if (data.state === "news") return list;
      const opened = (event) => event.target.open && data.news && this.#read();
      return make("details", { part: "past", toggle: opened }, make("summary", null, data.answers), list);
    }

    #answer(what) {
      const last = ["later", "no"].includes(this.#data.state) ? this.#data.state : "yes";
      const thumb = ["up", "down"].includes(what);
      this.#send("answer", { what }, thumb ? what : what === "undo" ? last : "undo");
    }

    /** Send, draw what stands now, and put the focus on what takes it back (or on the button it came from). */
    async #send(path, body, focus) {
      if (this.#busy) return;
      this.#busy = true;
      const [turn, box] = [this.#asked, this.shadowRoot.firstElementChild];
      box.setAttribute("aria-busy", "true");
      try {
        const data = await this.#ask(path, { ticket: this.#data.ticket, ...body });
        if (turn !== this.#asked) return;
        this.#fresh = true;
        this.#draw(data);
        this.shadowRoot.querySelector(`[data-what=${focus}]`)?.focus();
      } catch (error) {
        if (turn !== this.#asked) return;
        this.shadowRoot.querySelector("[role=status]").textContent = this.#data.failed;
        this.#failed(error);
      } finally {
        this.#busy = false;
        box.removeAttribute("aria-busy");
      }
    }

    #read() {
      this.#data.news = false;
      this.#quietly({ what: "read" });
    }

    /** What nobody waits for, and whose failing nobody needs to hear of. */
    #quietly(body) {
      this.#ask("answer", { ticket: this.#data.ticket, ...body }).catch(() => {});
    }

    /** Once, when half of it has been on screen: then it was really met. */
    #watch(box, met) {
      this.#seen = new IntersectionObserver(
        (entries) => {
          const half = (e) => e.intersectionRatio >= 0.5 || e.intersectionRect.height * 2 >= innerHeight;
          if (!entries.some(half)) return;
          this.#seen.disconnect();
          met();
        },
        { threshold: [0.1, 0.2, 0.3, 0.4, 0.5] },
      );
      this.#seen.observe(box);
    }
  }

  if (!customElements.get("payoff-suggestion")) customElements.define("payoff-suggestion", PayoffSuggestion);
})();
