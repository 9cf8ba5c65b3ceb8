"""The index folder on disk, its generations, and an open one to read from."""

from __future__ import annotations

from qa.store.filters import Filters
from qa.store.folder import IndexFolder
from qa.store.generation import Entry, GenerationWriter, writing_generation
from qa.store.manifest import FORMAT, Identity, identify, identity_of, read_manifest
from qa.store.store import DOCUMENTS, GLOSSARY, LEXICAL, TOKENS, VECTORS, Store
from qa.store.tables import DocumentSummary, Window

__all__ = [
    "DOCUMENTS",
    "FORMAT",
    "GLOSSARY",
    "LEXICAL",
    "TOKENS",
    "VECTORS",
    "DocumentSummary",
    "Entry",
    "Filters",
    "GenerationWriter",
    "Identity",
    "IndexFolder",
    "Store",
    "Window",
    "identify",
    "identity_of",
    "read_manifest",
    "writing_generation",
]
