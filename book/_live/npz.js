/* Arrays in one file that NumPy reads: .npy files, put into a .zip without compression. */
live.part("npz", () => {
  "use strict";
  const text = (string) => new TextEncoder().encode(string);
  const TABLE = new Uint32Array(256).map((_, byte) => {
    for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
    return byte;
  });

  /* The check sum of a zip: CRC-32. */
  const crc = (bytes) => {
    let sum = ~0;
    for (const byte of bytes) sum = (sum >>> 8) ^ TABLE[(sum ^ byte) & 255];
    return ~sum >>> 0;
  };

  const join = (pieces) => {
    const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  };

  /* A .npy file (version 1.0): a header that says what the bytes are, padded to a multiple of 64, then the bytes. */
  const npy = (kind, shape, bytes) => {
    const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
    const says = `{'descr': '${kind}', 'fortran_order': False, 'shape': (${tuple}), }`;
    const header = text(says.padEnd(Math.ceil((says.length + 11) / 64) * 64 - 11) + "\n");
    const length = [header.length & 255, header.length >>> 8];
    return join([Uint8Array.of(0x93), text("NUMPY"), Uint8Array.of(1, 0, ...length), header, bytes]);
  };

  /* A typed array of floats with its shape; the numbers are written with the low byte first, whatever machine this is. */
  const floats = (values, shape) => {
    const width = values.BYTES_PER_ELEMENT;
    const view = new DataView(new ArrayBuffer(values.length * width));
    values.forEach((value, k) =>
      width === 4 ? view.setFloat32(4 * k, value, true) : view.setFloat64(8 * k, value, true),
    );
    return npy(`<f${width}`, shape, new Uint8Array(view.buffer));
  };

  /* A string, as NumPy holds one: four bytes for each symbol. */
  const string = (value) => {
    const symbols = [...value];
    const view = new DataView(new ArrayBuffer(4 * symbols.length));
    symbols.forEach((symbol, k) => view.setUint32(4 * k, symbol.codePointAt(0), true));
    return npy(`<U${symbols.length}`, [], new Uint8Array(view.buffer));
  };

  /* Numbers of two or four bytes, low byte first: [[width, value], ...]. */
  const numbers = (...fields) =>
    Uint8Array.from(
      fields.flatMap(([width, value]) => Array.from({ length: width }, (_, k) => (value >>> (8 * k)) & 255)),
    );

  /* { name: bytes } as the bytes of a zip; all files bear the first day that a zip can hold. */
  const zip = (files) => {
    const [bodies, entries] = [[], []];
    let at = 0;
    for (const [name, bytes] of Object.entries(files)) {
      const title = text(name);
      const common = numbers(
        [2, 20],
        [2, 0],
        [2, 0],
        [2, 0],
        [2, 0x21],
        [4, crc(bytes)],
        [4, bytes.length],
        [4, bytes.length],
      );
      const lengths = numbers([2, title.length], [2, 0]);
      const body = join([numbers([4, 0x04034b50]), common, lengths, title, bytes]);
      const place = numbers([2, 0], [2, 0], [2, 0], [4, 0], [4, at]);
      bodies.push(body);
      entries.push(join([numbers([4, 0x02014b50], [2, 20]), common, lengths, place, title]));
      at += body.length;
    }
    const list = join(entries);
    const count = entries.length;
    const end = numbers([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, list.length], [4, at], [2, 0]);
    return join([...bodies, list, end]);
  };

  return { floats, string, zip, crc };
});
