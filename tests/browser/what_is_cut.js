// Which texts are cut off by a box that neither grows nor scrolls, or run out of their own.
() => {
  const wrong = [];
  const boxes = [...document.querySelectorAll("body *")].filter((box) => box.checkVisibility() && !box.closest(".vh, .skip, svg, select, [popover]:not(:popover-open)"));
  const speaks = (box) => [...box.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  for (const box of boxes.filter(speaks)) {
    const look = getComputedStyle(box);
    const name = box.outerHTML.replace(/\s+/g, " ").slice(0, 140);
    if (look.clipPath !== "none") continue;
    if (look.display !== "inline" && /visible|hidden|clip/.test(look.overflowX)) {
      if (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + parseFloat(look.fontSize) / 2) wrong.push(`runs out: ${name}`);
    }
    const mine = box.getBoundingClientRect();
    for (let around = box.parentElement; around; around = around.parentElement) {
      const { overflowX, overflowY, clipPath } = getComputedStyle(around);
      if (clipPath !== "none" || /auto|scroll/.test(overflowX + overflowY)) break;
      const edge = around.getBoundingClientRect();
      const over = (/hidden|clip/.test(overflowX) && mine.right > edge.right + 1) || (/hidden|clip/.test(overflowY) && mine.bottom > edge.bottom + 1);
      if (over) wrong.push(`cut by ${around.className}: ${name}`);
    }
  }
  const { scrollWidth } = document.documentElement;
  return scrollWidth > innerWidth ? [...wrong, `${scrollWidth} px wide`] : wrong;
}
