"""The command line `qa`."""

from qa.cli.app import main

__all__ = ["main"]
