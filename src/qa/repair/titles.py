"""The title of a Markdown text: its first heading with the lines that belong to it, and no repeats of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from qa.records import BlockKind
from qa.repair.drafts import Draft, Layout
from qa.repair.headings import is_named, numbering
from qa.text import squeeze


def set_title(layout: Layout, known: str) -> None:
    """Make the title of the first heading if it is one, and of the subtitle below it; drop what repeats them.

    `known` is the title as it is known from elsewhere, empty where it is not.
    """
    drafts = layout.drafts
    first = next((draft for draft in drafts if draft.kind is BlockKind.HEADING), None)
    if first is None or not _is_title(first, drafts, squeeze(known)):
        return
    name = squeeze(first.title)
    titles = [at for at, draft in enumerate(drafts) if draft.kind is BlockKind.HEADING and squeeze(draft.title) == name]
    subtitle = _subtitle(drafts, titles, squeeze(known), name)
    below = [at + 1 for at in titles if subtitle and at + 1 < len(drafts) and _words(drafts[at + 1]) == subtitle]
    kept = {titles[0], *below[:1]}
    for at in (*titles, *below):
        draft = drafts[at]
        if at in kept:
            draft.kind, draft.level, draft.title, draft.rows = BlockKind.TITLE, 0, "", False
        else:
            for line in draft.lines:
                layout.drop(line.start, line.end, "repeated title")
    layout.drafts = [draft for at, draft in enumerate(drafts) if at in kept or at not in (*titles, *below)]


def _is_title(first: Draft, drafts: Sequence[Draft], known: str) -> bool:
    """Whether the first heading names the whole work: it is repeated, or known, or the only one of its level that has
    neither a number nor the name of a part.
    """
    headings = [draft for draft in drafts if draft.kind is BlockKind.HEADING]
    name = squeeze(first.title)
    if not name or known.startswith(name) or sum(squeeze(draft.title) == name for draft in headings) > 1:
        return bool(name)
    plain = [
        draft for draft in headings if draft.level == 1 and not numbering(draft.title) and not is_named(draft.title)
    ]
    return plain == [first]


def _subtitle(drafts: Sequence[Draft], titles: Sequence[int], known: str, name: str) -> str:
    """The words that stand below the title wherever it is repeated, or that complete the known title."""
    below = Counter(_words(drafts[at + 1]) for at in titles if at + 1 < len(drafts))
    words, times = max(below.items(), key=lambda entry: entry[1], default=("", 0))
    if words and (times > 1 or known == name + words):
        return words
    return ""


def _words(draft: Draft) -> str:
    return "".join(squeeze(line.text) for line in draft.lines)
