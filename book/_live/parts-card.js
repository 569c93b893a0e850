/* A name as a picture to keep and to share: its letters with their surprise, drawn on a canvas, saved as PNG. */
live.part("card", (live) => {
  "use strict";
  const [WIDE, HIGH, EDGE] = [1200, 630, 70];

  const draw = ({ name, symbols, costs, link = "" }) => {
    const total = costs.reduce((sum, nats) => sum + nats, 0);
    const canvas = live.dom("canvas", { width: WIDE, height: HIGH });
    const pen = canvas.getContext("2d");
    const sans = (size, weight = 400) => `${weight} ${size}px system-ui, sans-serif`;
    const text = (words, x, y, font, colour = "#1e2931", align = "left") => {
      Object.assign(pen, { font, fillStyle: colour, textAlign: align });
      pen.fillText(words, x, y, WIDE - 2 * EDGE);
    };
    pen.fillStyle = "#fffdf8";
    pen.fillRect(0, 0, WIDE, HIGH);
    text(`How surprised is an LSTM by “${name}”?`, EDGE, 105, sans(48, 600));
    const step = Math.min((WIDE - 2 * EDGE) / costs.length, 150);
    const size = step * 0.94;
    const top = 492 - size * 1.34; // of the tiles; their numbers end where the sentence below begins
    const tall = Math.min(top - 150, 220);
    const left = (WIDE - step * costs.length) / 2;
    costs.forEach((nats, k) => {
      const { paper, ink } = live.colour(nats);
      const x = left + k * step;
      const height = Math.max(tall * live.colour.share(nats), 3);
      pen.fillStyle = paper;
      pen.strokeStyle = "#566470";
      pen.fillRect(x + size * 0.2, top - 6 - height, size * 0.6, height);
      pen.strokeRect(x + size * 0.2, top - 6 - height, size * 0.6, height);
      pen.fillRect(x, top, size, size);
      text(symbols[k], x + size / 2, top + size * 0.7, `700 ${size * 0.62}px ui-monospace, monospace`, ink, "center");
      text(live.letters.number(nats), x + size / 2, top + size + size * 0.34, sans(size * 0.28), "#1e2931", "center");
    });
    text(
      `${total.toFixed(1)} nats in all, ${(total / costs.length).toFixed(2)} for each symbol; bright is surprising, the dot is the end.`,
      EDGE,
      545,
      sans(28),
    );
    const where = link.startsWith("http")
      ? link
      : "LSTM from Scratch: a machine that you build, derive and train yourself";
    text(where, EDGE, 588, sans(24), "#566470");
    return canvas;
  };

  /* Save the picture under the name's own name. */
  const card = (what) =>
    new Promise((resolve, reject) => {
      draw(what).toBlob((blob) => {
        if (!blob) return reject(new Error("this browser gives no picture"));
        const address = URL.createObjectURL(blob);
        live.dom("a", { href: address, download: `surprise-${what.name}.png` }).click();
        setTimeout(() => URL.revokeObjectURL(address), 10_000);
        return resolve(blob);
      }, "image/png");
    });
  card.draw = draw;
  return card;
});
