"""Figures of chapter 14: laws of the next symbol, and what decoders make of them."""
