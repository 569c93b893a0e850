"""Figures of chapters 0 and 2: surprise, letter by letter and added up in several ways."""
