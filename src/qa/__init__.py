"""Geungeo: question answering over Korean documents, with passages that it can show."""

__version__ = "0.1.0"
