"""A character-level LSTM in NumPy, small enough to read in an afternoon.

Nothing is re-exported here: `from lstm_lib.cell import gates_forward` tells you which file to open.
"""

__version__ = "0.2.0"  # the notebooks install its tag; `scripts/adopt.py --version` raises both
