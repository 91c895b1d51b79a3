// Maps on the pages that have one: Leaflet over the drawing of the server, which stays below it for paper, and for
// whenever the library or the route cannot be fetched. No outside host unless the page names one for tiles.
(() => {
  "use strict";
  const L = window.L;
  if (!L) return;
  const make = (tag, className, text = "") => {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    return element;
  };

  // --- the ground: a plain grid below everything, tiles over it when there are any
  const Grid = L.GridLayer.extend({ createTile: () => make("div", "map-grid") });
  const ground = (map, { tiles, attribution }) => {
    new Grid({ className: "map-ground" }).addTo(map);
    if (!tiles) return;
    L.tileLayer(tiles, { maxZoom: 19 }).addTo(map);
    const credit = make("span", "", attribution).innerHTML; // escaped: it is text
    if (credit) L.control.attribution({ prefix: false }).addAttribution(credit).addTo(map);
  };

  // --- buttons with names, the scale, the ways in and out
  const buttons = (map, words, home) => {
    const Buttons = L.Control.extend({
      onAdd() {
        const bar = make("div", "leaflet-bar map-buttons");
        const one = (sign, name, act) => {
          const button = bar.appendChild(make("button", "", sign));
          button.type = "button";
          button.title = name;
          button.setAttribute("aria-label", name);
          button.addEventListener("click", act);
        };
        one("+", words.wordIn, () => map.zoomIn());
        one("−", words.wordOut, () => map.zoomOut());
        one("⤢", words.wordWhole, home);
        L.DomEvent.disableClickPropagation(bar);
        return bar;
      },
    });
    new Buttons({ position: "topright" }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
  };

  const wheel = (map, box, sentence) => {
    const hint = box.appendChild(make("p", "map-hint", sentence));
    let timer, last = 0;
    hint.hidden = true;
    hint.setAttribute("aria-hidden", "true"); // the name of the map says it too
    box.addEventListener("wheel", (event) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        if (event.timeStamp - last < 120) return;
        last = event.timeStamp;
        map.setZoomAround(map.mouseEventToLatLng(event), map.getZoom() - Math.sign(event.deltaY));
        return;
      }
      hint.hidden = false;
      clearTimeout(timer);
      timer = setTimeout(() => { hint.hidden = true; }, 1500);
    }, { passive: false });
  };

  const leave = (box, after) => box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !after) return;
    after.tabIndex = -1;
    after.focus();
  });

  // --- what stands on it
  const BELOW = { direction: "bottom", offset: [0, 10] };
  const mark = (at, className, name, beside) => { // `beside`: the next point of the route, away from which the name stands
    const size = className === "place" ? 10 : 16;
    const icon = L.divIcon({ className: `map-mark ${className}`, iconSize: [size, size] });
    const marker = L.marker([at[1], at[0]], { icon, interactive: false, keyboard: false });
    if (!name) return marker;
    const left = beside && beside[0] > at[0];
    const where = beside ? { direction: left ? "left" : "right", offset: [left ? -10 : 10, 0] } : BELOW;
    return marker.bindTooltip(make("span", "", name), { permanent: true, ...where });
  };
  const lines = (geojson) => geojson.features.filter((one) => one.geometry.type === "LineString");
  const route = (geojson, className) => {
    const along = { type: "FeatureCollection", features: lines(geojson) };
    const one = (name) => L.geoJSON(along, { interactive: false, style: { className: `${className} ${name}` } });
    return L.featureGroup([one("map-halo"), one("map-cable")]);
  };
  const ends = (map, geojson, words) => {
    const drawn = lines(geojson);
    const named = geojson.features.filter((one) => one.geometry.type === "Point");
    named.slice(0, 40).forEach((one) => mark(one.geometry.coordinates, "place").addTo(map));
    const [first, second] = drawn[0].geometry.coordinates;
    const [before, last] = drawn.at(-1).geometry.coordinates.slice(-2);
    mark(first, "start", words.wordStart, second).addTo(map);
    mark(last, "end", words.wordEnd, before).addTo(map);
  };

  const read = async (url) => {
    const answer = await fetch(url, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  };

  const opened = (figure) => {
    const words = figure.dataset;
    const box = figure.appendChild(make("div", "map"));
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", words.wordMap);
    figure.querySelectorAll("svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
    const map = L.map(box, {
      attributionControl: false, zoomControl: false, scrollWheelZoom: false, dragging: !L.Browser.mobile,
      zoomAnimation: false, fadeAnimation: false, maxZoom: 19, minZoom: 3, zoomSnap: .25, boxZoom: false,
    });
    ground(map, words);
    wheel(map, box, words.wordWheel);
    leave(box, document.getElementById(words.after));
    return map;
  };
  const showing = (map, words, bounds, [left, right]) => { // pixels for names at both sides, and for the buttons
    const room = { paddingTopLeft: [left, 40], paddingBottomRight: [right, 40] };
    const home = () => map.fitBounds(bounds, { ...room, maxZoom: 17, animate: false });
    home();
    buttons(map, words, home);
  };

  // --- one route, over another version of it if wanted
  const showRoute = async (figure) => {
    const words = figure.dataset;
    let routes;
    try { routes = await Promise.all([words.url, words.other].filter(Boolean).map(read)); } catch { return; }
    if (!lines(routes[0]).length) return;
    const map = opened(figure);
    const drawn = routes.map((geojson, at) => route(geojson, at ? "other" : ""));
    const whole = L.latLngBounds([]);
    drawn.forEach((one) => whole.extend(one.getBounds()));
    showing(map, words, whole, [76, 130]);
    drawn.reverse().forEach((one) => one.addTo(map));
    ends(map, routes[0], words);
    if (words.site) mark(words.site.split(",").map(Number), "site", words.wordSite).addTo(map);
  };

  // --- many lines: the links of the drawing, standing on a map that moves
  const showLines = (figure, links) => {
    const map = opened(figure);
    const places = links.map((link) => link.dataset.at.split(",").map(Number).reverse());
    showing(map, figure.dataset, L.latLngBounds(places), [30, 70]);
    links.forEach((link, at) => {
      const sign = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      sign.setAttribute("viewBox", "-12 -12 24 24");
      sign.append(link.querySelector("g").cloneNode(true));
      sign.firstChild.removeAttribute("transform");
      const holder = make("div", "");
      holder.append(sign);
      const icon = L.divIcon({ className: "map-mark line", iconSize: [24, 24], html: holder });
      const name = link.querySelector("title").textContent;
      L.marker(places[at], { icon, keyboard: false }).bindTooltip(make("span", "", name), { offset: [10, 0] })
        .on("click", () => location.assign(link.getAttribute("href"))).addTo(map);
    });
  };

  document.querySelectorAll("[data-map]").forEach((figure) => {
    if (figure.dataset.url) showRoute(figure);
    else showLines(figure, [...figure.querySelectorAll(".dw-wide a[data-at]")]);
  });
})();
