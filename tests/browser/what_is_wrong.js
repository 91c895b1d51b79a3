// What a page must never be, as a list of complaints.
() => {
  const wrong = [];
  const one = (text) => text.replace(/\s+/g, " ").trim();
  const sameStart = (heading, title) => one(title).replace(/^\(\d+\) |^(Error|Erreur) ?: /, "").startsWith(heading.slice(0, 8));
  const titles = [...document.querySelectorAll("h1")].filter((title) => title.checkVisibility());
  if (titles.length !== 1) wrong.push(`${titles.length} titles of the first rank`);
  else if (!sameStart(one(titles[0].innerText), document.title)) wrong.push(`title: ${document.title}`);
  if (document.documentElement.scrollWidth > innerWidth) wrong.push(`${document.documentElement.scrollWidth} px wide`);
  if (window.shifts >= 0.02) wrong.push(`moved by ${window.shifts}`);
  for (const link of document.querySelectorAll("a")) {
    if (/^(#|javascript:)?$/.test(link.getAttribute("href") ?? "")) wrong.push(`leads nowhere: ${link.outerHTML}`);
  }
  const named = new Map();
  for (const link of document.querySelectorAll("main a[href]")) {
    if (!link.checkVisibility()) continue;
    const name = one(link.getAttribute("aria-label") ?? link.textContent);
    const target = named.get(name);
    if (target && target !== link.href) wrong.push(`one name, two targets: ${name}`);
    named.set(name, link.href);
  }
  const controls = "button, summary, .btn, .act, select, textarea, input:not([type=checkbox], [type=radio], [type=hidden])";
  if (innerWidth <= 360) {
    for (const control of document.querySelectorAll(controls)) {
      const { height } = control.getBoundingClientRect();
      if (control.checkVisibility() && height && height < 24) wrong.push(`${height} px high: ${one(control.outerHTML)}`);
    }
  }
  return [...new Set(wrong)];
}
