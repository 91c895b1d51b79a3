// Where the focus is: its place in the page, and what is wrong with how it is seen; null where it is nowhere.
async () => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const name = here.outerHTML.replace(/\s+/g, " ").slice(0, 120);
  const id = [...document.querySelectorAll("*")].indexOf(here);
  const wrong = () => {
    const [box] = here.getClientRects(); // of a link over two lines, the first
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
    // Of a text area a browser shows the row one writes in.
    const fits = !here.matches("textarea") && box.height <= innerHeight && box.width <= innerWidth;
    const whole = box.top >= -1 && box.bottom <= innerHeight + 1 && box.left >= -1 && box.right <= innerWidth + 1;
    if (bottom <= top || right <= left || (fits && !whole)) return `outside: ${name}`;
    const on = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    if (on !== here && !here.contains(on)) return `covered by ${on?.outerHTML.slice(0, 80)}: ${name}`;
    const { outlineStyle, outlineWidth } = getComputedStyle(here);
    return outlineStyle === "none" || parseFloat(outlineWidth) < 2 ? `without a ring: ${name}` : "";
  };
  let above = false; // it lies on the page: what comes next may have been under it
  for (let around = here; around; around = around.parentElement) above ||= getComputedStyle(around).zIndex !== "auto";
  const painted = () => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)));
  if (wrong()) await painted(); // a browser may scroll after it has moved the focus
  const { left, right, top, bottom } = here.getBoundingClientRect();
  return { above, id, name, left, right, top: top + scrollY, bottom: bottom + scrollY, wrong: wrong() };
}
