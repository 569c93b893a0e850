/* The colours of surprise, as in the chapters' figures: the scale cividis from 0 to 5 nats, dark for expected. */
live.part("colour", () => {
  "use strict";
  const MOST = 5; // nats; what costs more is as bright
  const SCALE = ["#00224e", "#163a6f", "#444f6b", "#636c72", "#7d7c78", "#9a936f", "#bcae6c", "#ddcb56", "#fee838"];
  const parts = SCALE.map((stop) => [1, 3, 5].map((at) => parseInt(stop.slice(at, at + 2), 16)));

  /* How light a colour is, as WCAG counts it: above 0.179 black is easier to read on it than white. */
  const lightness = (mixed) => {
    const [red, green, blue] = mixed.map((part) => (part <= 10 ? part / 3295 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };

  /* The share of the scale, 0 to 1. */
  const share = (nats) => Math.min(Math.max(nats / MOST, 0), 1);

  /* { paper, ink }: the colour for so many nats, and the one to write on it. */
  const colour = (nats) => {
    const place = share(nats) * (SCALE.length - 1);
    const low = Math.min(Math.floor(place), SCALE.length - 2);
    const mixed = parts[low].map((part, k) => Math.round(part + (place - low) * (parts[low + 1][k] - part)));
    return { paper: `rgb(${mixed.join(" ")})`, ink: lightness(mixed) > 0.179 ? "#000000" : "#ffffff" };
  };

  colour.share = share;
  colour.MOST = MOST;
  return colour;
});
