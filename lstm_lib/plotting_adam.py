"""Figures of chapter 11: the valley, the paths of optimizers, their steps."""
