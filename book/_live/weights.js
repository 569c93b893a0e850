/* Weights into the page and out of it: what the build wrote becomes parameters, and parameters become a file that
   `load_checkpoint` of the library reads. */
live.part("weights", (live) => {
  "use strict";

  const bytes = (base64) => {
    const text = atob(base64);
    const read = new Uint8Array(text.length);
    for (let k = 0; k < read.length; k++) read[k] = text.charCodeAt(k);
    return read;
  };

  /* Floats of 4 bytes, low byte first. */
  const floats = (base64) => {
    const view = new DataView(bytes(base64).buffer);
    const read = new Float32Array(view.byteLength / 4);
    for (let k = 0; k < read.length; k++) read[k] = view.getFloat32(4 * k, true);
    return read;
  };

  /* A tensor: whole numbers from -127 to 127 times a scale for each column, plain floats, or doubles as they are. */
  const tensor = ({ scale, whole, plain, exact }) => {
    if (exact !== undefined) return Float64Array.from(exact);
    if (plain !== undefined) return floats(plain);
    const [scales, numbers] = [floats(scale), new Int8Array(bytes(whole).buffer)];
    const made = new Float32Array(numbers.length);
    for (let k = 0; k < made.length; k++) made[k] = numbers[k] * scales[k % scales.length];
    return made;
  };

  /* { V, D, H, characters, tensors } as parameters. */
  const decode = ({ V, D, H, tensors }) => {
    const params = { V, D, H, Float: tensors.E.exact ? Float64Array : Float32Array };
    for (const name of live.lstm.TENSORS) params[name] = tensor(tensors[name]);
    return params;
  };

  /* A run as the bytes of a checkpoint: the parameters, the vocabulary, and how many steps it took. */
  const file = (params, { characters }, step = 0) => {
    const { V, D, H } = params;
    const shapes = { E: [V, D], W_x: [D, 4 * H], W_h: [H, 4 * H], b: [4 * H], W_y: [H, V], b_y: [V] };
    const history = { loss: [], gradient_norm: [], learning_rate: [], val_step: [], val_loss: [] };
    const none = { adam_step: null, rng: null, epoch_rng: null, settings: null };
    const header = { format: "lstm-from-scratch checkpoint", version: 1, characters, step, history, ...none };
    const files = { "header.npy": live.npz.string(JSON.stringify(header)) };
    for (const name of live.lstm.TENSORS) files[`params.${name}.npy`] = live.npz.floats(params[name], shapes[name]);
    return live.npz.zip(files);
  };

  return { decode, file };
});
