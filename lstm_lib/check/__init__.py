"""Feedback for the exercises, a module for each chapter: not attempted, right, or which mistake."""
