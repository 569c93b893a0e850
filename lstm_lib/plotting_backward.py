"""Figures of chapters 7 to 9: gradients on their way back through a name."""
