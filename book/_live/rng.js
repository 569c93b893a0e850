/* Seeded chance: the generator xoshiro128++ (Blackman and Vigna 2021, "Scrambled linear pseudorandom number
   generators"). Its state is filled by the finalizer of MurmurHash3 (Appleby), counted up from the seed. */
live.part("rng", () => {
  "use strict";
  const turn = (x, by) => (x << by) | (x >>> (32 - by));

  const mix = (count) => {
    let x = count ^ (count >>> 16);
    x = Math.imul(x, 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return x ^ (x >>> 16);
  };

  /* Four words from a seed: a whole number from 0 to 2^53, all of whose bits count. */
  const fill = (seed) => {
    const high = Math.floor(seed / 2 ** 32);
    return Uint32Array.from([1, 2, 3, 4], (k) => mix(mix(seed + Math.imul(k, 0x9e3779b9)) ^ high));
  };

  /* A generator. `state` may be given instead of a seed: four words, not all of them 0. */
  const rng = (seed, state = fill(seed)) => {
    const s = Uint32Array.from(state);
    let spare = null; // normal numbers come in pairs

    /* The next 32 bits, as a whole number from 0. */
    const word = () => {
      const drawn = (turn((s[0] + s[3]) | 0, 7) + s[0]) >>> 0;
      const t = s[1] << 9;
      s[2] ^= s[0];
      s[3] ^= s[1];
      s[1] ^= s[2];
      s[0] ^= s[3];
      s[2] ^= t;
      s[3] = turn(s[3], 11);
      return drawn;
    };

    /* From 0 to below 1, in steps of 2^-53. */
    const uniform = () => (word() * 2 ** 21 + (word() >>> 11)) * 2 ** -53;

    /* A whole number from 0 to below n (at most 2^32), each as likely: words at the end that do not divide go back. */
    const integer = (n) => {
      const limit = 2 ** 32 - (2 ** 32 % n);
      for (;;) {
        const drawn = word();
        if (drawn < limit) return drawn % n;
      }
    };

    /* A normal number of mean 0 and variance 1: two at a time (Box and Muller 1958). */
    const normal = () => {
      if (spare !== null) {
        const kept = spare;
        spare = null;
        return kept;
      }
      const length = Math.sqrt(-2 * Math.log(1 - uniform())); // 1 - u is never 0
      const angle = 2 * Math.PI * uniform();
      spare = length * Math.sin(angle);
      return length * Math.cos(angle);
    };

    /* The array itself, in a new order, each as likely (Fisher and Yates). */
    const shuffle = (array) => {
      for (let k = array.length - 1; k > 0; k--) {
        const other = integer(k + 1);
        [array[k], array[other]] = [array[other], array[k]];
      }
      return array;
    };

    return { word, uniform, integer, normal, shuffle };
  };

  /* A generator of its own for each place of each name: what one of them draws moves no other. Below 2^20 seeds and 2^10
     places. */
  rng.of = (seed, name, place) => rng(seed + 2 ** 20 * (place + 2 ** 10 * name));
  return rng;
});
