// The portal's own script: comfort on top of pages that work without it. No eval, no inline code, no dependency
// but htmx, and only by its events. One section a habit; delegation on document, so swapped content needs no set-up.
(() => {
  "use strict";
  const root = document.documentElement;
  const words = document.body.dataset; // translated words: data-word-… on <body>
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const say = (text) => { $("#live").textContent = text; };
  const focusOn = (element) => { if (element) { if (!element.matches("a,button,input,select,textarea,[tabindex]")) element.tabIndex = -1; element.focus(); } };

  // --- what each new piece of page needs: buttons that only the script can serve, boxes that scroll, old stamps
  const enliven = (from) => {
    $$("[data-add],[data-dismiss],[data-reveal],[data-copy],[data-shortcuts-list],[data-pick-all]", from).forEach((b) => { b.hidden = false; });
    $$("[data-repeat]", from).forEach(limit);
    overflow();
    restamp();
  };

  const overflow = () => $$(".scroll").forEach((box) => {
    const over = box.scrollWidth > box.clientWidth + 1;
    if (!over) { ["tabindex", "role", "aria-label"].forEach((name) => box.removeAttribute(name)); return; }
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", $("caption", box)?.textContent.trim() || document.title);
  });

  // --- times that stay true without any request (same roundings as the server's: CLDR, 85 % of the next unit)
  const UNITS = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const speak = new Intl.RelativeTimeFormat(root.lang || "en-gb");
  const ago = (seconds) => {
    const [unit, size] = UNITS.find(([, span]) => seconds >= span * 0.85) || UNITS[6];
    return speak.format(-Math.max(1, Math.round(seconds / size)), unit);
  };
  const restamp = () => $$("time[data-relative]").forEach((time) => {
    const seconds = Math.max(0, (Date.now() - Date.parse(time.dateTime)) / 1000);
    const { relative, interval, old } = time.dataset;
    if (interval) time.dataset.fresh = seconds <= 2 * interval ? "fresh" : seconds <= 6 * interval ? "ageing" : "old";
    const text = time.dataset.fresh === "old" && old ? old : [relative, ago(seconds)].filter(Boolean).join(" ");
    const holder = $("span:last-child", time) || time;
    if (holder.textContent !== text) holder.textContent = text;
  });
  setInterval(restamp, 30000);

  // --- the one dialog: a page's own form, opened in place
  const dialog = $("#dlg");
  let opener = null;
  const fill = (part) => {
    dialog.replaceChildren(part);
    const title = $("h1,h2", dialog);
    if (title) { title.id = "dlg-t"; title.tabIndex = -1; title.setAttribute("autofocus", ""); }
    window.htmx?.process(dialog);
    enliven(dialog);
  };
  const open = async (link) => {
    let page;
    try {
      const answer = await fetch(link.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch { location.assign(link.href); return; }
    const part = $("[data-dialog-part]", page);
    if (!part) { location.assign(link.href); return; }
    opener = link;
    fill(document.adoptNode(part));
    dialog.showModal();
    focusOn($("#dlg-t"));
  };
  document.addEventListener("close-dialog", () => dialog.close()); // the server says so when the page goes on behind it
  dialog?.addEventListener("close", () => {
    dialog.replaceChildren();
    focusOn(opener?.isConnected ? opener : $("main h1"));
  });

  // --- clicks
  const plain = (event) => event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  const handlers = {
    "a[data-dialog]": (link, event) => { if (plain(event)) { event.preventDefault(); open(link); } },
    "[data-close]": (link, event) => { if (link.closest("dialog")) { event.preventDefault(); dialog.close(); } },
    "[data-copy]": (button) => copy(button),
    "[data-add]": (button) => add(button),
    "[data-dismiss]": (button) => { const next = $("main h1"); button.closest(".msg").remove(); focusOn(next); },
    "[data-reveal]": (button) => {
      const input = document.getElementById(button.dataset.reveal);
      input.type = input.type === "password" ? "text" : "password";
      button.setAttribute("aria-pressed", String(input.type === "text"));
    },
    "[data-shortcuts-list]": () => shortcuts(),
    "[data-retry]": () => { $("#alert").replaceChildren(); lastTry?.(); },
  };
  document.addEventListener("click", (event) => {
    for (const [selector, act] of Object.entries(handlers)) {
      const hit = event.target.closest?.(selector);
      if (hit) act(hit, event);
    }
    $$("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // Before anybody else hears of it: what is impossible now sends nothing.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[aria-disabled=true]")) { event.preventDefault(); event.stopPropagation(); }
  }, true);

  const copy = async (button) => {
    try { await navigator.clipboard.writeText(button.dataset.copy); } catch { return; }
    const before = button.getAttribute("aria-label");
    say(words.wordCopied);
    button.setAttribute("aria-label", words.wordCopied);
    button.classList.add("copied");
    setTimeout(() => { button.setAttribute("aria-label", before); button.classList.remove("copied"); }, 4000);
  };

  // --- "add another"
  const limit = (group) => {
    const button = $("[data-add]", group);
    if (button) button.hidden = $$(".item", group).length >= Number(group.dataset.repeat || 20);
  };
  const add = (button) => {
    const group = button.closest("[data-repeat]");
    const piece = $("template", group).content.cloneNode(true);
    const next = $$(".item", group).length;
    $$("[name],[id],[for],[aria-describedby],[list]", piece).forEach((element) => {
      for (const { name, value } of [...element.attributes]) if (value.includes("__n__")) element.setAttribute(name, value.replaceAll("__n__", next));
    });
    const first = $("input,select,textarea", piece);
    group.insertBefore(piece, $("template", group));
    limit(group);
    focusOn(first?.isConnected ? first : $$(".item input", group).at(-1));
  };

  // --- rows that are chosen: how many, and all of this page at once
  const picks = (form) => {
    const boxes = $$("[data-pick]", form);
    const chosen = boxes.filter((box) => box.checked).length;
    const all = $("[data-pick-all]", form);
    if (all) { all.checked = chosen === boxes.length; all.indeterminate = chosen > 0 && !all.checked; }
    const said = $("[data-chosen]", form);
    if (said && chosen) { said.textContent = chosen === 1 ? said.dataset.one : said.dataset.many.replace("%n", chosen); }
    return chosen ? said?.textContent : "";
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest(".choosing");
    if (!form || !event.target.matches("[data-pick],[data-pick-all]")) return;
    if (event.target.matches("[data-pick-all]")) $$("[data-pick]", form).forEach((box) => { box.checked = event.target.checked; });
    say(picks(form));
  });
  addEventListener("pageshow", () => $$(".choosing").forEach(picks)); // what a browser ticked again by itself

  // --- files dropped on their label
  ["dragover", "dragleave", "drop"].forEach((kind) => document.addEventListener(kind, (event) => {
    const zone = event.target.closest?.("[data-drop]");
    if (!zone) return;
    if (kind !== "dragleave") event.preventDefault();
    zone.classList.toggle("over", kind === "dragover");
    if (kind !== "drop" || !event.dataTransfer.files.length) return;
    const input = $("input[type=file]", zone);
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }));

  // --- keys; single letters can be switched off (<html data-shortcuts="off">), none of them writes
  const typing = (element) => element.closest("input,select,textarea,[contenteditable]");
  const shortcuts = () => {
    const list = $("template#shortcuts");
    if (!list || dialog.open) return;
    opener = document.activeElement;
    fill(list.content.cloneNode(true));
    dialog.showModal();
    focusOn($("#dlg-t"));
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") $$("details.menu[open]").forEach((menu) => { menu.open = false; focusOn($("summary", menu)); });
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (root.dataset.shortcuts === "off" || typing(event.target) || dialog?.open) return;
    if (event.key === "/") { const box = $("[data-search]"); if (box?.offsetParent) { event.preventDefault(); box.focus(); box.select(); } }
    else if (event.key === "?") shortcuts();
    else if (/^[a-z]$/.test(event.key)) $(`a[data-key="${event.key}"]`)?.click();
  });

  // Ctrl + Enter saves from any field; where another one may follow, it follows
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches("input,select,textarea")) return;
    const { form } = event.target;
    if (form?.method !== "post") return;
    event.preventDefault();
    const another = $("[name=another]", form);
    if (another) another.checked = true;
    form.requestSubmit();
  });

  // --- forms that would lose what was typed
  const dirty = new Set();
  document.addEventListener("input", (event) => { const form = event.target.closest("[data-dirty-guard]"); if (form) dirty.add(form); });
  document.addEventListener("submit", (event) => dirty.delete(event.target));
  const stillUnsaved = (from) => { if ($(".errors", from)) $$("[data-dirty-guard]", from).forEach((form) => dirty.add(form)); };
  addEventListener("beforeunload", (event) => { if ([...dirty].some((form) => form.isConnected)) event.preventDefault(); });

  // --- a contact that is known brings the rest along, into what is still empty
  document.addEventListener("input", ({ target }) => {
    const known = target.matches("[data-contact]") && [...target.list.options].find(({ value }) => value === target.value);
    if (known) $$("input", target.closest(".contact")).forEach((input) => { input.value ||= known.dataset[input.name.split("-").at(-1)] || ""; });
  });

  // --- recovery copies: what is typed is kept for its owner until the form is saved
  const waiting = new Map();
  const keepCopy = async (form) => {
    clearTimeout(waiting.get(form));
    waiting.delete(form);
    const note = $("[data-draft-note]");
    const body = new URLSearchParams();
    for (const { name, value, type, checked } of form.elements) {
      if (name && !["password", "file"].includes(type) && (checked || !["checkbox", "radio"].includes(type))) body.append(name, value);
    }
    body.set("place", form.dataset.draft);
    try {
      const answer = await fetch("/_/drafts/", { method: "POST", body, credentials: "same-origin", redirect: "error", keepalive: true });
      if (!answer.ok) throw new Error(answer.status);
      note.textContent = (await answer.text()) || "\u00a0";
    } catch { note.textContent = note.dataset.failed; }
  };
  document.addEventListener("input", ({ target: { form } }) => {
    if (form?.dataset.draft && !waiting.has(form)) waiting.set(form, setTimeout(keepCopy, 2000, form));
  });
  document.addEventListener("submit", ({ target }) => { clearTimeout(waiting.get(target)); waiting.delete(target); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) [...waiting.keys()].forEach(keepCopy); });

  // --- htmx: polls sleep in hidden tabs, failures stay readable, focus lands where the news is
  let lastTry = null;
  let lost = false; // the last complaint was about the network, which any answer disproves
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.detail.elt.matches("[data-poll]")) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) { restamp(); $$("[data-poll]").forEach((element) => window.htmx?.trigger(element, "poll")); }
  });
  // a write that takes its time says so at once, and counts the seconds
  document.addEventListener("htmx:beforeRequest", ({ detail: { elt }, defaultPrevented }) => {
    const note = $("[data-sending]", elt), since = Date.now();
    if (!note || defaultPrevented) return;
    note.hidden = false;
    const tick = setInterval(() => {
      if (elt.matches(".htmx-request")) $("span", note).textContent = `${Math.round((Date.now() - since) / 1000)} s`;
      else { note.hidden = true; clearInterval(tick); }
    }, 1000);
  });
  const complain = (sentence, event, network = false) => {
    const { elt, requestConfig: asked } = event.detail;
    lost = network;
    if (elt.matches("[data-dirty-guard]")) dirty.add(elt);
    const box = document.createElement("div");
    box.className = "msg bad";
    const text = document.createElement("p");
    text.textContent = sentence;
    const retry = document.createElement("button");
    retry.type = "button"; retry.className = "act line"; retry.dataset.retry = ""; retry.textContent = words.wordRetry;
    lastTry = () => (asked?.verb === "get" ? window.htmx.ajax("GET", asked.path, { source: elt, target: asked.target ?? elt }) : elt.isConnected && focusOn(elt));
    box.append(document.createElement("span"), text, retry);
    $("#alert").replaceChildren(box);
  };
  document.addEventListener("htmx:sendError", (event) => complain(words.wordOffline, event, true));
  document.addEventListener("htmx:timeout", (event) => complain(words.wordOffline, event, true));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status !== 401) complain(status === 403 ? words.wordDenied : words.wordFailed, event);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { requestConfig: { elt }, successful } = event.detail; // detail.elt may be gone by now
    if (!successful) return;
    dirty.delete(elt);
    if (lost || !elt.matches("[data-poll]")) $("#alert").replaceChildren();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    enliven(document);
    stillUnsaved(document);
    const summary = $(".errors h2", event.detail.target?.isConnected ? event.detail.target : document);
    if (summary) {
      focusOn(summary);
      if (!document.title.startsWith(words.wordError)) document.title = `${words.wordError} ${document.title}`;
    } else if (dialog?.open) {
      const title = $("h1,h2", dialog);
      if (title && title.id !== "dlg-t") { title.id = "dlg-t"; focusOn(title); }
    }
  });

  // the back button swaps the whole body: the dialog that this script holds goes back into it
  document.addEventListener("htmx:historyRestore", () => { $("#dlg")?.replaceWith(dialog); enliven(document); });

  addEventListener("resize", overflow);
  enliven(document);
  stillUnsaved(document);
  focusOn($(".errors h2"));
})();
