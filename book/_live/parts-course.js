/* The valley from above, with lines of equal loss, and the paths of those who race through it.

   const course = live.course(); course.show({ paths: { plain: [[theta1, theta2], ...], ... }, turned, words });
   course.sample(rule): a short piece of that racer's line, for a legend. */
live.part("course", (live) => {
  "use strict";
  const [SIZE, REACH] = [400, 1.6]; // the picture, and the largest weight in it
  const MARKS = { plain: "P", momentum: "M", adam: "A" };
  const LEVELS = [0, 1, 2, 3, 4, 5].map((k) => 50.5 / 4 ** k); // from the loss at the start, a factor of four apart
  const { svg } = live;

  const x = (theta) => (SIZE / 2) * (1 + Math.min(Math.max(theta, -99), 99) / REACH);
  const point = ([one, two]) => [x(one), x(-two)].map((each) => each.toFixed(1));

  /* The places that can be told from the one before. */
  const apart = (path) => {
    const kept = [path[0]];
    for (const place of path) {
      if (place.some((theta, k) => Math.abs(theta - kept.at(-1)[k]) > 0.006)) kept.push(place);
    }
    return kept;
  };

  const contours = (turned) => {
    const [gentle, steep] = live.race.CURVATURE;
    const half = (loss, curvature) => ((SIZE / 2) * Math.sqrt((2 * loss) / curvature)) / REACH;
    const shapes = LEVELS.map((loss) => svg("ellipse", { rx: half(loss, gentle), ry: half(loss, steep) }));
    const turn = `translate(${SIZE / 2} ${SIZE / 2})${turned ? " rotate(-45)" : ""}`;
    return svg("g", { class: "live-course__contours", transform: turn }, ...shapes);
  };

  const racer = (rule, path) => {
    const points = apart(path).map(point);
    const line = points.map(([a, b], k) => `${k ? "L" : "M"}${a} ${b}`).join("");
    const dots = points.map(([a, b]) => `M${a} ${b}h0`).join("");
    const [a, b] = point(path.at(-1));
    const inside = path.length > 1 && path.at(-1).every((theta) => Math.abs(theta) < REACH);
    return svg(
      "g",
      { class: `live-course__racer live-course__racer--${rule}` },
      svg("path", { d: line, class: "live-course__line" }),
      svg("path", { d: dots, class: "live-course__dots" }),
      inside && svg("circle", { cx: a, cy: b, r: 9 }),
      inside && svg("text", { x: a, y: Number(b) + 4.5, "text-anchor": "middle" }, MARKS[rule]),
    );
  };

  const axis = (words, more) => svg("text", { class: "live-course__axis", ...more }, words);

  const start = (place) => {
    const [a, b] = point(place);
    return svg("circle", { cx: a, cy: b, r: 6, class: "live-course__start" });
  };

  const course = () => {
    const box = `0 0 ${SIZE} ${SIZE}`;
    const element = svg("svg", { viewBox: box, class: "live-course", role: "img" });
    const show = ({ paths, turned, words }) => {
      const middle = SIZE / 2;
      element.setAttribute("aria-label", words);
      element.replaceChildren(
        contours(turned),
        svg("path", { d: `M0 ${middle}H${SIZE}M${middle} 0V${SIZE}`, class: "live-course__axes" }),
        axis("weight 1", { x: SIZE - 6, y: middle + 16, "text-anchor": "end" }),
        axis("weight 2", { x: middle + 6, y: 16 }),
        start(Object.values(paths)[0][0]),
        ...Object.entries(paths).map(([rule, path]) => racer(rule, path)),
        svg("path", { d: `M${middle - 8} ${middle}h16M${middle} ${middle - 8}v16`, class: "live-course__bottom" }),
      );
    };
    return { element, show };
  };

  course.sample = (rule) =>
    svg(
      "svg",
      { viewBox: "0 0 54 20", class: "live-course__sample", "aria-hidden": "true" },
      svg(
        "g",
        { class: `live-course__racer live-course__racer--${rule}` },
        svg("path", { d: "M0 10H54", class: "live-course__line" }),
        svg("circle", { cx: 27, cy: 10, r: 9 }),
        svg("text", { x: 27, y: 14.5, "text-anchor": "middle" }, MARKS[rule]),
      ),
    );

  return course;
});
