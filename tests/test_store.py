"""An index on disk: rows come back as they were, and everything that can be wrong with a folder has its own error."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from qa.build import Builder
from qa.errors import (
    FilterError,
    IndexCorruptError,
    IndexFolderError,
    IndexForeignError,
    IndexFormatError,
    IndexIncompleteError,
    IndexMismatchError,
    IndexMissingError,
    NotFoundError,
)
from qa.passages import cut
from qa.readers import read
from qa.records import Block, BlockKind, Discard, Document, Language, Metadata, Passage, Region, SourceMap
from qa.repair import repair
from qa.store import DOCUMENTS, GLOSSARY, TOKENS, VECTORS, Filters, Identity, IndexFolder, Store
from qa.store.tables import TableReader, windows_of, writing_tables
from qa.tokens import TokenIndex
from tests.building import HARBOUR, LIBRARY, ORCHARD, HashingEncoder, analyser, builder, put, settings

FRONT = '+++\ntitle = "{}"\nauthor = "{}"\nyear = {}\n+++\n'


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    put(
        folder / "docs",
        harbour=FRONT.format("항구의 하루", "윤도담, 서가람", 1999) + HARBOUR,
        orchard=FRONT.format("과수원 일지", "Kim Sol", 2010) + ORCHARD,
        library=LIBRARY,
    )
    builder().build([folder / "docs"], folder / "index")
    return folder / "index"


@pytest.fixture
def index(built: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(built, tmp_path / "index"))


@pytest.fixture(scope="module")
def store(built: Path) -> Iterator[Store]:
    with Store.open(built) as opened:
        yield opened


def generation(index: Path) -> Path:
    return IndexFolder(index).generation(IndexFolder(index).current())


def sample() -> tuple[Document, list[Passage]]:
    """Every field filled with something that could get lost on the way."""
    text = "머리말\n\n가나다 🎈 라마바. 漢字\n표"
    blocks = (
        Block(BlockKind.HEADING, 0, 3, level=2),
        Block(BlockKind.TABLE, 5, 18, ("머리말",), 7, Region.REFERENCES, 0, "3", (5, 8), ((9, 9), (12, 14))),
    )
    document = Document(
        id="가-나",
        name="가 나.md",
        text=text,
        blocks=blocks,
        source_map=SourceMap((0, 5), (10, 40)),
        metadata=Metadata("제목", "Title", "저자", 2001, "출판", "종류"),
        sha256="ab" * 32,
        discards=(Discard(0, 10, "front matter"),),
        repairs={"lines joined": 2},
        warnings=("주의", "둘째"),
    )
    windows = ((5, 8), (5, 18), (9, 18))
    first = Passage(
        "가-나#0", "가-나", 0, text[5:18], 5, 18, ("머리말", "표"), 7, 8, BlockKind.TABLE, Region.REFERENCES, windows
    )
    return document, [first, replace(first, id="가-나#1", ordinal=1, windows=(), page=None, duplicate_of="가-나#0")]


def test_rows_come_back_as_they_were(tmp_path: Path) -> None:
    document, passages = sample()
    with writing_tables(tmp_path / "rows.sqlite") as tables:
        tables.add(document, "mark", passages)
    rows = TableReader(tmp_path / "rows.sqlite")
    assert rows.document("가-나") == document
    assert rows.passages_of("가-나") == passages
    assert rows.passages(["가-나#1", "none"]) == {"가-나#1": passages[1]}
    assert rows.windows([window.id for window in windows_of(passages[0])]) == {
        window.id: window for window in windows_of(passages[0])
    }
    assert rows.fingerprints() == {"가-나": "mark"}
    assert rows.counts() == {"documents": 1, "passages": 2, "windows": 3, "characters": len(document.text)}
    assert rows.document("none") is None
    rows.close()


def test_deleted_rows_leave_no_trace_in_the_file(tmp_path: Path) -> None:
    document, passages = sample()
    path = tmp_path / "rows.sqlite"
    with writing_tables(path) as tables:
        tables.add(document, "mark", passages)
    assert "라마바".encode() in path.read_bytes()
    with writing_tables(path) as tables:
        tables.delete(document.id)
    assert "라마바".encode() not in path.read_bytes()
    rows = TableReader(path)
    assert rows.counts() == {"documents": 0, "passages": 0, "windows": 0, "characters": 0}
    rows.close()


def test_a_window_id_is_a_hash_of_passage_and_span() -> None:
    passage = sample()[1][0]
    expected = int.from_bytes(sha256("가-나#0\n5\n8".encode()).digest()[:8], "big") // 2
    assert windows_of(passage)[0].id == expected < 2**63


def test_what_was_indexed_is_what_repair_and_cut_gave(built: Path, store: Store) -> None:
    for name in ("harbour", "orchard", "library"):
        source = read(built.parent / "docs" / f"{name}.md", settings())
        document = repair(source, analyser())
        passages = cut(document, analyser(), settings())
        assert store.document(name) == document
        assert store.passages_of(name) == passages
        assert all(document.text[p.start : p.end] == p.text for p in store.passages_of(name))


def test_summaries_counts_and_manifest_agree(built: Path, store: Store) -> None:
    summaries = store.documents()
    assert [summary.id for summary in summaries] == ["harbour", "library", "orchard"]
    assert [summary.metadata.year for summary in summaries] == [1999, None, 2010]
    assert summaries[0].sha256 == sha256((built.parent / "docs" / "harbour.md").read_bytes()).hexdigest()
    assert sum(summary.passages for summary in summaries) == store.counts["passages"] == len(store.lexical)
    assert sum(summary.characters for summary in summaries) == store.counts["characters"]
    assert store.vectors is not None
    assert store.counts["windows"] == len(store.vectors)
    assert list(store.texts()) == [store.document(summary.id).text for summary in summaries]
    assert "Merchants' Guild" in {entry.foreign for entry in store.glossary.entries}
    assert store.tokens is not None
    assert store.counts["windows"] == len(store.tokens)
    assert store.counts["tokens"] == store.tokens.rows > store.counts["windows"]
    assert set(store.manifest.files) >= {DOCUMENTS, VECTORS, TOKENS, GLOSSARY, "lexical/meta.json"}


def test_every_vector_leads_to_a_passage_and_back(store: Store) -> None:
    assert store.vectors is not None
    ids = store.vectors.ids().tolist()
    windows = store.windows(ids)
    assert sorted(windows) == ids == store.window_ids(store.allowed(Filters(kinds=tuple(BlockKind))) or set())
    for window in windows.values():
        assert (window.start, window.end) in store.passage(window.passage_id).windows
    assert store.windows([1]) == {}


def test_windows_of_passages_come_in_the_order_of_the_text(store: Store) -> None:
    passages = [*store.passages_of("harbour"), *store.passages_of("orchard")][::-1]
    found = store.window_ids_of([passage.id for passage in passages] + ["none#1"])
    assert list(found) == [passage.id for passage in passages] + ["none#1"]
    assert found.pop("none#1") == []
    for passage in passages:
        assert found[passage.id] == [window.id for window in windows_of(passage)]
    assert store.tokens is not None
    assert {window for ids in found.values() for window in ids} <= set(store.tokens.ids().tolist())


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda: builder(token_vectors=False), id="left out"),
        pytest.param(lambda: builder(HashingEncoder(token_dimension=0)), id="not given"),
    ],
)
def test_without_tokens_there_is_no_leg_and_no_file(built: Path, tmp_path: Path, other: Callable[[], Builder]) -> None:
    other().build([built.parent / "docs"], tmp_path)
    with Store.open(tmp_path, other().identity) as opened:
        assert opened.tokens is None
        assert opened.vectors is not None
        assert "tokens" not in opened.counts
    assert not (generation(tmp_path) / TOKENS).exists()
    with pytest.raises(IndexMismatchError, match=r"was made with (encoder token_dimension = 0|token_vectors = False);"):
        Store.open(tmp_path, builder().identity)


def test_an_encoder_without_tokens_does_not_hang_on_the_setting(built: Path, tmp_path: Path) -> None:
    builder(HashingEncoder(token_dimension=0)).build([built.parent / "docs"], tmp_path)
    with Store.open(tmp_path, builder(HashingEncoder(token_dimension=0), token_vectors=False).identity) as opened:
        assert opened.vectors is not None
        assert opened.tokens is None


def test_passages_come_in_the_order_asked_for(store: Store) -> None:
    ids = [passage.id for passage in store.passages_of("harbour")][::-1]
    assert [passage.id for passage in store.passages([*ids, ids[0]])] == [*ids, ids[0]]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda store: store.document("none"), r"^There is no document 'none' in the index\. `qa info` lists"),
        (lambda store: store.passages_of("none"), r"^There is no document 'none' in the index\."),
        (lambda store: store.passages(["harbour#0", "none#1"]), r"^There is no passage 'none#1' in the index\."),
    ],
)
def test_what_is_not_there_is_named(store: Store, ask: Callable[[Store], object], message: str) -> None:
    with pytest.raises(NotFoundError, match=message):
        ask(store)


@pytest.mark.parametrize(
    ("filters", "documents"),
    [
        (Filters(documents=("harbour", "library")), {"harbour", "library"}),
        (Filters(author="kim"), {"orchard"}),
        (Filters(author="서가람"), {"harbour"}),
        (Filters(year_from=2000), {"orchard"}),
        (Filters(year_to=2000), {"harbour"}),
        (Filters(year_from=1999, year_to=2010), {"harbour", "orchard"}),
        (Filters(year_from=2050), set()),
        (Filters(kinds=(BlockKind.TABLE,)), {"orchard"}),
        (Filters(regions=(Region.REFERENCES,)), set()),
        (Filters(documents=("harbour",), kinds=(BlockKind.TABLE,)), set()),
    ],
)
def test_filters_let_through_the_passages_that_they_name(store: Store, filters: Filters, documents: set[str]) -> None:
    expected = {
        passage.id
        for summary in store.documents()
        if summary.id in documents
        for passage in store.passages_of(summary.id)
        if not filters.kinds or passage.kind in filters.kinds
    }
    assert store.allowed(filters) == expected
    assert bool(expected) == bool(documents)


def test_no_filter_lets_everything_through(store: Store) -> None:
    assert store.allowed(Filters()) is None


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        (Filters(documents=("none",)), r"^The index has no document 'none'\. It has: harbour, library, orchard\.$"),
        (Filters(author="none"), r"^The index has no author 'none'\. It has: Kim Sol, 윤도담, 서가람\.$"),
        (Filters(year_from=2010, year_to=1999), r"^No year lies from 2010 to 1999\. Give the earlier year first\.$"),
    ],
)
def test_a_filter_for_what_there_is_not_is_refused(store: Store, filters: Filters, message: str) -> None:
    with pytest.raises(FilterError, match=message):
        store.allowed(filters)


def test_many_threads_read_at_once(store: Store) -> None:
    ids = [passage.id for summary in store.documents() for passage in store.passages_of(summary.id)]
    expected = store.passages(ids)

    def ask(number: int) -> bool:
        at = number % len(ids)
        mine = ids[at:] + ids[:at]
        found = store.passages(mine) == expected[at:] + expected[:at]
        return found and store.document(expected[at].document_id).id == expected[at].document_id

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(400)))


def test_an_open_index_outlives_its_folder(index: Path) -> None:
    with Store.open(index) as opened:
        ids = [passage.id for passage in opened.passages_of("orchard")]
        shutil.rmtree(index)
        assert [passage.id for passage in opened.passages(ids)] == ids
        assert opened.document("harbour").text.startswith("항구의 하루")
        assert opened.lexical.search("morphemes", {"등대지기": 1.0}, limit=1)[0][0].startswith("harbour#")
        assert opened.vectors is not None
        query = HashingEncoder().encode_passages(["사과밭은 언덕 남쪽에 있다."])
        best = opened.windows(opened.vectors.search(query, 1)[0][0].tolist())
        assert opened.tokens is not None
        words = HashingEncoder().encode_question_with_tokens("사과밭은 언덕", Language.KOREAN)[1]
        scores = opened.tokens.max_sim(words, opened.window_ids_of(ids))
        assert max(scores, key=lambda passage_id: scores[passage_id]) == next(iter(best.values())).passage_id
        assert next(iter(best.values())).passage_id in ids


def empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def bare(folder: Path) -> None:
    empty(folder)
    for name in ("README.md", "lock", ".gitkeep"):
        (folder / name).touch()


def strange(folder: Path) -> None:
    empty(folder)
    (folder / "holiday.jpg").touch()


def a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.touch()


def edit_manifest(**values: object) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = generation(folder) / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | values), encoding="utf-8")

    return edit


def in_generation(change: Callable[[Path], object]) -> Callable[[Path], object]:
    return lambda folder: change(generation(folder))


SPOILT: list[tuple[str, Callable[[Path], object], type[IndexFolderError], str]] = [
    ("no folder", shutil.rmtree, IndexMissingError, r"There is no index in .*index\. Make one with `qa index`\."),
    ("empty", empty, IndexMissingError, r"There is no index in .*index\. Make one with `qa index`\."),
    ("bare", bare, IndexMissingError, r"There is no index in .*index\. Make one with `qa index`\."),
    ("foreign", strange, IndexForeignError, r"holds something else than an index \(holiday\.jpg\)\. Give an empty"),
    ("a file", a_file, IndexForeignError, r"index holds something else than an index \(index\)\."),
    (
        "no CURRENT",
        lambda folder: (folder / "CURRENT").unlink(),
        IndexIncompleteError,
        r"A first build in .* never finished\. Run `qa index` again\.",
    ),
    (
        "no manifest",
        in_generation(lambda path: (path / "manifest.json").unlink()),
        IndexIncompleteError,
        r"The index in .*000001 was never finished: it has no manifest\.json\. Run `qa index` again\.",
    ),
    (
        "odd CURRENT",
        lambda folder: (folder / "CURRENT").write_text("soon"),
        IndexCorruptError,
        r"CURRENT: it does not say a generation's number\. Build it again",
    ),
    (
        "wrong CURRENT",
        lambda folder: (folder / "CURRENT").write_text("000009\n"),
        IndexCorruptError,
        r"000009: CURRENT names it but it is not there\. Build it again",
    ),
    (
        "newer",
        edit_manifest(format=99),
        IndexFormatError,
        r"has format 99, this version reads 1\. Update geungeo, or build into another folder\.",
    ),
    ("older", edit_manifest(format=0), IndexFormatError, r"has format 0, this version reads 1\. Run `qa index` again"),
    (
        "half a manifest",
        in_generation(lambda path: (path / "manifest.json").write_text('{"format": 1')),
        IndexCorruptError,
        r"manifest\.json: it cannot be understood",
    ),
    ("unknown field", edit_manifest(colour="blue"), IndexCorruptError, r"manifest\.json: it cannot be understood"),
]


@pytest.mark.parametrize(("spoil", "error", "message"), [row[1:] for row in SPOILT], ids=[row[0] for row in SPOILT])
def test_each_wrong_thing_has_its_own_error(
    index: Path, spoil: Callable[[Path], object], error: type[IndexFolderError], message: str
) -> None:
    spoil(index)
    with pytest.raises(error, match=message) as caught:
        Store.open(index)
    assert type(caught.value) is error
    assert "색인" in caught.value.korean


def test_every_file_of_a_generation_is_checked(index: Path, store: Store) -> None:
    for name in store.manifest.files:
        path = generation(index) / name
        good = path.read_bytes()
        path.unlink()
        with pytest.raises(IndexCorruptError, match=rf"^The index is damaged: .*{name}: No such file"):
            Store.open(index)
        at = len(good) // 2
        path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        with pytest.raises(IndexCorruptError, match=rf"{name}: its checksum is not the one in the manifest\. Build it"):
            Store.open(index)
        path.write_bytes(good)
    Store.open(index).close()


def reseal(path: Path) -> None:
    """Gives the manifest the checksums of the files as they are now."""
    manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"] = {name: sha256((path / name).read_bytes()).hexdigest() for name in manifest["files"]}
    (path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def recount(index: Path) -> None:
    """Gives the manifest the counts of rows and tokens as they are now."""
    path = generation(index)
    tokens = {"tokens": TokenIndex.open(path / TOKENS).rows}
    edit_manifest(counts=TableReader(path / DOCUMENTS).counts() | tokens)(index)


def test_tokens_that_disagree_do_not_open(index: Path) -> None:
    path = generation(index)
    tokens = TokenIndex.open(path / TOKENS)
    windows, rows = len(tokens), tokens.rows
    tokens.remove(tokens.ids()[:1])
    (path / TOKENS).unlink()
    tokens.save(path / TOKENS)
    reseal(path)
    with pytest.raises(IndexCorruptError, match=rf"it holds .*'tokens': {tokens.rows}.* the manifest says .*{rows}"):
        Store.open(index)
    recount(index)
    with pytest.raises(IndexCorruptError, match=rf"tokens\.i8: it has {windows - 1} entries for {windows} rows"):
        Store.open(index)


def test_legs_that_disagree_do_not_open(index: Path) -> None:
    path = generation(index)
    rows = sqlite3.connect(path / DOCUMENTS)
    passages, windows = (rows.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("passages", "windows"))
    rows.execute("DELETE FROM windows WHERE id = (SELECT min(id) FROM windows)")
    rows.commit()
    reseal(path)
    with pytest.raises(IndexCorruptError, match=rf"it holds .*'windows': {windows - 1},.* the manifest says"):
        Store.open(index)
    recount(index)
    with pytest.raises(IndexCorruptError, match=rf"vectors\.faiss: it has {windows} entries for {windows - 1} rows"):
        Store.open(index)
    rows.execute("PRAGMA foreign_keys = ON")
    rows.execute("DELETE FROM passages WHERE id = 'library#0'")
    rows.commit()
    rows.close()
    reseal(path)
    recount(index)
    with pytest.raises(IndexCorruptError, match=rf"lexical: it has {passages} entries for {passages - 1} rows"):
        Store.open(index)


@pytest.mark.parametrize(
    ("other", "field", "message"),
    [
        (builder(HashingEncoder(name="other")), "encoder name", r"with encoder name = 'hashing'; now it is 'other'\."),
        (builder(HashingEncoder(revision="2")), "encoder revision", r"encoder revision = '1'; now it is '2'\. Run"),
        (builder(HashingEncoder(dimension=32)), "encoder dimension", r"encoder dimension = 64; now it is 32\. Run"),
        (Builder(settings(), analyser()), "encoder dimension", r"encoder dimension = 64; now it is None\. Run"),
        (builder(passage_chars=300), "passage_chars", r"passage_chars = 600; now it is 300\. Run `qa index` again, or"),
        (builder(token_vectors=False), "token_vectors", r"token_vectors = True; now it is False\."),
        (builder(HashingEncoder(token_dimension=8)), "encoder token_dimension", r"dimension = 16; now it is 8\."),
        (builder(window_chars=90), "window_chars", r"window_chars = 200; now it is 90\."),
    ],
)
def test_another_identity_is_refused_and_the_field_named(built: Path, other: Builder, field: str, message: str) -> None:
    with pytest.raises(IndexMismatchError, match=message) as caught:
        Store.open(built, other.identity)
    assert caught.value.subject == field


def test_another_analyser_is_refused(built: Path) -> None:
    mine = builder().identity
    Store.open(built, mine).close()
    with pytest.raises(IndexMismatchError, match=r"was made with analyser = 'kiwipiepy .*'; now it is 'kiwi 9'\."):
        Store.open(built, Identity("kiwi 9", mine.encoder, mine.settings))


def test_settings_that_do_not_shape_an_index_do_not_matter(built: Path) -> None:
    with Store.open(built, builder(hits=3, threshold=0.9).identity) as opened:
        assert opened.manifest.generation == 1
