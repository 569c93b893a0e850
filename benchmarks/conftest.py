"""One thread for every library, set before NumPy or PyTorch is imported; `compare.use_threads` allows more."""

import os

os.environ.update({f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")})
