// The palette (Ctrl-K or ⌘-K): the search box and the portal's actions in the one dialog. The search page does the
// same without it. The server draws the options; here they are only walked through and followed.
(() => {
  "use strict";
  const $ = (selector) => document.querySelector(selector);
  const options = () => [...document.querySelectorAll("#palette-list [role=option]:not([aria-disabled])")];
  const chosen = () => $("#palette-list [aria-selected=true]");
  let before = null; // what had the focus
  let shown = ""; // what the options on the page were drawn for

  const open = () => {
    const dialog = $("#dlg");
    const piece = $("template#palette");
    if (!dialog || !piece || dialog.open) return;
    before = document.activeElement;
    dialog.replaceChildren(piece.content.cloneNode(true));
    dialog.showModal();
    window.htmx?.process(dialog);
    $("#palette-q").focus();
    dialog.addEventListener("close", () => before?.isConnected && before.focus(), { once: true });
  };

  const choose = (option) => {
    options().forEach((other) => other.setAttribute("aria-selected", String(other === option)));
    $("#palette-q").setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  };

  const walk = (step) => {
    const all = options();
    choose(all.at((all.indexOf(chosen()) + step + all.length) % all.length));
  };

  const follow = ({ dataset }) => {
    if (dataset.go) return location.assign(dataset.go);
    if (dataset.themeTo) {
      $("#palette-theme [name=theme]").value = dataset.themeTo;
      return $("#palette-theme").requestSubmit();
    }
    $("#dlg").addEventListener("close", () => $(dataset.press)?.click(), { once: true });
    $("#dlg").close();
  };

  const enter = () => {
    const text = $("#palette-q").value.trim();
    if (text === shown && chosen()) follow(chosen());
    else if (text) location.assign(`/search/?q=${encodeURIComponent(text)}`);
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
    if (event.target.id !== "palette-q" || event.isComposing) return;
    const act = { ArrowDown: () => walk(1), ArrowUp: () => walk(-1), Enter: enter }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  document.addEventListener("click", (event) => {
    const option = event.target.closest?.("#palette-list [role=option]");
    if (option) follow(option);
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target.id !== "palette-list") return;
    shown = detail.requestConfig.parameters.q?.trim() ?? "";
    choose(options()[0]);
  });
})();
