"""What is put before a question and before a passage, for the models that were trained so."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

E5_INSTRUCTION = "Instruct: Given a question, retrieve passages that answer it\nQuery: "


class Prompts(NamedTuple):
    """What is put before a question and before a passage."""

    question: str
    passage: str


def prompts_for(name: str, configured: Mapping[str, str]) -> Prompts:
    """The prompts that the model's configuration gives, else those of the e5 family (arXiv:2212.03533), else none."""
    question = configured.get("query", "")
    passage = configured.get("document", "") or configured.get("passage", "")
    if question or passage:
        return Prompts(question, passage)
    family = Path(name).name.lower().split("-")
    if "e5" not in family:
        return Prompts("", "")
    return Prompts(E5_INSTRUCTION, "") if "instruct" in family else Prompts("query: ", "passage: ")
