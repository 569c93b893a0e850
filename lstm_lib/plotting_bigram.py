"""Figures of chapter 4: a table of logits, and how it learns."""
