/* Attise tag: tells the shop's ad platform what happened on this page, once the visitor has agreed.
 * Before attise("consent", "granted") nothing is read, kept or sent; what was tracked waits in this page's memory.
 * attise("consent", "refused") lets it go, and removes the cookie. */
(function (window, document) {
  "use strict";
  const collect = new URL("/attise/collect", document.currentScript.src).href;
  const cookie = "_attise";
  const life = 28 * 86400;
  const most = 50;
  const early = (window.attise && window.attise.calls) || [];
  const codes = [];
  const person = {};
  let events = [];
  let agreed = null;
  let ready = Promise.resolve();

  function random() {
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
  }

  function write(value, seconds) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${cookie}=${value}; Path=/; Max-Age=${seconds}; SameSite=Lax${secure}`;
  }

  /* The cookie has a random name of this browser on this site, and the id of the last click on an ad. */
  function browser() {
    const kept = document.cookie.match(/(?:^|; )_attise=([0-9a-f]{32})\.([^;]*)/) || [];
    const click = new URLSearchParams(location.search).get("ttclid");
    const found = { id: kept[1] || random(), click: click ? encodeURIComponent(click) : kept[2] || "" };
    write(`${found.id}.${found.click}`, life);
    return found;
  }

  function send() {
    if (agreed !== true || !events.length || !codes.length) return;
    const { id, click } = browser();
    let click_id = "";
    try {
      click_id = decodeURIComponent(click);
    } catch {
      /* somebody else wrote the cookie */
    }
    while (events.length) {
      const part = events.splice(0, most);
      for (const pixel of codes) {
        const page = location.origin + location.pathname;
        const body = JSON.stringify({ pixel, consent: true, browser_id: id, click_id, page, ...person, events: part });
        if (!navigator.sendBeacon(collect, body)) {
          const headers = { "Content-Type": "text/plain" };
          fetch(collect, { method: "POST", body, headers, keepalive: true, credentials: "omit" }).catch(() => {});
        }
      }
    }
  }

  function later() {
    ready = ready.then(send, send);
  }

  function amount(value) {
    return value !== "" && value != null && isFinite(value) ? Number(value) : undefined;
  }

  function text(value) {
    return value == null ? undefined : String(value);
  }

  function content(one) {
    return {
      id: text(one.content_id ?? one.id),
      name: text(one.content_name ?? one.name),
      category: text(one.content_category ?? one.category),
      price: amount(one.price),
      quantity: Math.round(amount(one.quantity) ?? 1),
    };
  }

  async function hash(value) {
    if (/^[0-9a-f]{64}$/i.test(value)) return value.toLowerCase();
    if (!window.crypto.subtle) return undefined; /* pages without https hash for themselves */
    const bytes = await window.crypto.subtle.digest("SHA-256", new TextEncoder().encode(value));
    return Array.from(new Uint8Array(bytes), (byte) => (byte + 256).toString(16).slice(1)).join("");
  }

  const does = {
    init(code) {
      if (!codes.includes(code)) codes.push(String(code));
    },
    consent(answer) {
      agreed = answer === "granted";
      if (!agreed) {
        events = [];
        write("", 0);
      }
    },
    identify(names = {}) {
      const clean = {
        email: text(names.email)?.trim().toLowerCase(),
        phone_number: text(names.phone_number)?.replace(/[^+0-9]/g, ""),
        external_id: text(names.external_id)?.trim(),
      };
      for (const [name, value] of Object.entries(clean)) {
        if (value) {
          ready = ready.then(async () => {
            person[name] = await hash(value);
          });
        }
      }
    },
    track(event, facts = {}, options = {}) {
      if (agreed === false) return;
      events.push({
        event: String(event),
        event_id: text(options.event_id) || random(),
        at_ms: Date.now(),
        value: amount(facts.value),
        currency: text(facts.currency),
        contents: facts.contents?.map(content),
      });
      events = events.slice(-most);
    },
  };

  function attise(name, ...rest) {
    if (Object.hasOwn(does, name)) {
      does[name](...rest);
      later();
    }
  }

  window.attise = attise;
  attise.calls = { push: (call) => attise(...call) };
  for (const call of early) attise(...call);
  window.addEventListener("pagehide", send);
})(window, document);
