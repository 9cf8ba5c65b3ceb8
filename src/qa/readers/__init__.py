"""From a file to decoded text, with what is known of the work. `source` holds the table of formats that are read."""

from __future__ import annotations

from qa.readers.decode import no_text
from qa.readers.find import SourceFile, find_sources
from qa.readers.source import Format, RawFile, Source, load, parse, read

__all__ = ["Format", "RawFile", "Source", "SourceFile", "find_sources", "load", "no_text", "parse", "read"]
