/* Weights into the page and out of it: what `scripts/page_weights.py` wrote becomes parameters, and parameters become a
   file that `lstm_lib.train.load_checkpoint` reads. */
live.part("weights", (live) => {
  "use strict";

  const bytes = (base64) => Uint8Array.from(atob(base64), (symbol) => symbol.charCodeAt(0));

  /* Floats of 4 bytes, low byte first. */
  const floats = (base64) => {
    const view = new DataView(bytes(base64).buffer);
    return Float32Array.from({ length: view.byteLength / 4 }, (_, k) => view.getFloat32(4 * k, true));
  };

  /* A tensor: whole numbers from -127 to 127 times a scale for each column, or plain floats. */
  const tensor = ({ scale, whole, plain }, Float) => {
    if (plain !== undefined) return Float.from(floats(plain));
    const scales = floats(scale);
    return Float.from(new Int8Array(bytes(whole).buffer), (value, k) => Math.fround(value * scales[k % scales.length]));
  };

  /* { V, D, H, characters, tensors } as parameters. */
  const decode = ({ V, D, H, tensors }, Float = Float32Array) => {
    const params = { V, D, H, Float };
    for (const name of live.lstm.TENSORS) params[name] = tensor(tensors[name], Float);
    return params;
  };

  const SHAPES = { E: "VD", W_x: "D4", W_h: "H4", b: "4", W_y: "HV", b_y: "V" };

  /* A run as the bytes of a checkpoint: the parameters, the vocabulary, and how many steps it took. */
  const file = (params, { characters }, step = 0) => {
    const size = { V: params.V, D: params.D, H: params.H, 4: 4 * params.H };
    const history = { loss: [], gradient_norm: [], learning_rate: [], val_step: [], val_loss: [] };
    const none = { adam_step: null, rng: null, epoch_rng: null, settings: null };
    const header = { format: "lstm-from-scratch checkpoint", version: 1, characters, step, history, ...none };
    const files = { "header.npy": live.npz.string(JSON.stringify(header)) };
    for (const name of live.lstm.TENSORS) {
      files[`params.${name}.npy`] = live.npz.floats(
        params[name],
        Array.from(SHAPES[name], (each) => size[each]),
      );
    }
    return live.npz.zip(files);
  };

  return { decode, file };
});
