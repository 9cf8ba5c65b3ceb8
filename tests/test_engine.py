"""The engine over real indexes: opened, asked by many, wordings, and every index that it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

import pytest

from qa.build import Builder, delete
from qa.encoders import open_encoder
from qa.engine import Engine
from qa.errors import (
    EncoderError,
    FilterError,
    IndexMismatchError,
    IndexMissingError,
    NotFoundError,
    QAError,
    QuestionError,
)
from qa.records import Answer, Language, Status
from qa.retrieve import HITS_READ
from qa.store import Filters
from tests.building import analyser, settings
from tests.chat_endpoint import chat_server, replies, sends
from tests.city import CITY, engine_over, index_city
from tests.toy_encoder import write_toy_encoder

ASKED = (
    "나루시의 흔들다리는 언제 놓였나요?",
    "물의 도시 연합은 어떤 행사를 여나요?",
    "나룻배는 왜 사라졌나요?",
    "What is the League of Water Cities?",
    "Which cities are members?",
    "방명록의 비밀번호는 무엇인가요?",
    "피자 반죽에는 어떤 밀가루를 쓰나요?",
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index_city(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
def engine(index: Path) -> Iterator[Engine]:
    """With settings as they are unless somebody changes them."""
    with engine_over(index) as opened:
        yield opened


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    words = ["등불이", "lanterns", "난간에는"]
    return write_toy_encoder(tmp_path_factory.mktemp("toy") / "toy", words, table=[[0, 1], [1, 0], [1, 0], [0, 1]])


def timeless(answer: Answer) -> Answer:
    return replace(answer, took_ms=0.0)


class TestOpening:
    def test_what_open_gives_answers_like_an_engine_put_together(
        self, index: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("QA_ENCODER", "none")
        monkeypatch.delenv("QA_INDEX", raising=False)
        with Engine.open(index) as opened:
            assert opened.settings.encoder == "none"
            assert [timeless(opened.ask(each)) for each in ASKED] == [timeless(engine.ask(each)) for each in ASKED]

    def test_an_encoder_on_disk_is_opened_and_searched_with(self, toy: Path, tmp_path: Path) -> None:
        chosen = settings(encoder=toy)
        encoder = open_encoder(chosen)
        index = index_city(tmp_path, encoder)
        with Engine.open(index, chosen) as opened:
            best = opened.search("lanterns")[0]
            assert best.window is not None
            assert "등불이 48개" in opened.document("bridge").text[slice(*best.window)]
            assert opened.info()["encoder"]["name"] == "toy"

    def test_an_index_with_vectors_is_refused_without_an_encoder(self, toy: Path, tmp_path: Path) -> None:
        index = index_city(tmp_path, open_encoder(settings(encoder=toy)))
        with pytest.raises(IndexMismatchError) as caught:
            Engine.open(index, settings(encoder="none"))
        assert caught.value.subject.startswith("encoder")
        assert "Run `qa index` again, or go back to the old value." in caught.value.message("en")
        assert "`qa index`를 다시 실행하거나 예전 값으로 되돌리세요." in caught.value.message("ko")

    def test_an_index_without_vectors_is_refused_with_an_encoder(self, index: Path, toy: Path) -> None:
        with pytest.raises(IndexMismatchError) as caught:
            Engine.open(index, settings(encoder=toy))
        assert caught.value.subject.startswith("encoder")
        assert caught.value.exit_code == 3

    def test_an_encoder_that_is_not_there_is_named(self, index: Path, tmp_path: Path) -> None:
        with pytest.raises(EncoderError, match="no-such-model"):
            Engine.open(index, settings(encoder=tmp_path / "no-such-model"))

    def test_another_budget_of_passages_is_another_index(self, index: Path) -> None:
        with pytest.raises(IndexMismatchError, match=r"passage_chars = 600; now it is 300"):
            Engine.open(index, settings(encoder="none", passage_chars=300))

    def test_no_index_is_no_engine(self, tmp_path: Path) -> None:
        with pytest.raises(IndexMissingError):
            Engine.open(tmp_path / "nothing", settings(encoder="none"))


class TestQuestions:
    @pytest.mark.parametrize(
        ("question", "english", "korean"),
        [
            ("", "The question is empty.", "질문이 비어 있습니다."),
            (" \n\t", "The question is empty.", "질문이 비어 있습니다."),
            ("?!…", "The question has no letters or digits in it.", "질문에 글자나 숫자가 없습니다."),
            ("🍕🍕", "The question has no letters or digits in it.", "질문에 글자나 숫자가 없습니다."),
            ("다리 " * 6667, "The question has 20000 characters; 2000 are read.", "질문이 20000자입니다."),
        ],
    )
    def test_what_cannot_be_asked_is_refused_in_both_languages(
        self, engine: Engine, question: str, english: str, korean: str
    ) -> None:
        for call in (engine.ask, engine.search, engine.evidence):
            with pytest.raises(QuestionError) as caught:
                call(question)
            assert isinstance(caught.value, QAError)
            assert caught.value.message("en").startswith(english)
            assert caught.value.message("ko").startswith(korean)
            assert (caught.value.code, caught.value.exit_code) == ("question", 2)

    def test_the_longest_question_is_answered(self, engine: Engine) -> None:
        question = ("흔들다리 " * 400).strip()
        assert len(question) == 1999
        assert engine.ask(question).hits[0].passage.document_id == "bridge"

    def test_decomposed_hangul_is_the_same_question(self, engine: Engine) -> None:
        for question in ASKED:
            assert timeless(engine.ask(normalize("NFD", question))) == timeless(engine.ask(question))

    def test_the_answer_carries_the_question_and_its_language(self, engine: Engine) -> None:
        given = engine.ask("  나룻배는   왜 사라졌나요? ")
        assert (given.question, given.language) == ("나룻배는 왜 사라졌나요?", Language.KOREAN)
        assert engine.ask("Which cities are members?").language is Language.ENGLISH
        assert given.took_ms > 0

    @pytest.mark.parametrize(
        ("question", "quote"),
        [
            ("개통식 날에는 무엇을 했나요?", "노래를 불렀고"),
            ("물의 도시 연합은 어떤 행사를 여나요?", "다음과 같은 행사를 연다."),
            ("2013. 10. 5.에 나루시는 무엇을 했나요?", "2013년 10월 5일에 연합에 들어갔다."),
            ("What is the League of Water Cities?", "물의 도시 연합(League of Water Cities, LWC)은"),
        ],
    )
    def test_what_the_documents_say_is_answered(self, engine: Engine, question: str, quote: str) -> None:
        given = engine.ask(question)
        assert given.status is Status.ANSWERED
        assert any(quote in citation.quote for citation in given.citations)

    @pytest.mark.parametrize(
        "question",
        [
            "피자 반죽에는 어떤 밀가루를 쓰나요?",
            "페퍼로니 피자는 몇 도에서 굽나요?",
            "나루시 시장의 월급은 얼마인가요?",
            "고래는 물속에서 어떻게 숨을 쉬나요?",
            "How do I make a pepperoni pizza?",
            "Which flour is best for pizza dough?",
            "When was Mozart born?",
        ],
    )
    def test_what_they_do_not_say_is_not_found_and_claims_nothing(self, engine: Engine, question: str) -> None:
        given = engine.ask(question)
        assert given.status is Status.NOT_FOUND
        assert given.text in (
            "색인된 문서에서 답을 찾지 못했습니다.",
            "The indexed documents do not answer this question.",
        )
        assert (given.citations, given.short) == ((), "")
        assert given.probability < engine.settings.threshold
        assert list(given.hits) == engine.search(question)

    def test_the_nearest_passages_are_offered_all_the_same(self, engine: Engine) -> None:
        given = engine.ask("나루시 시장의 월급은 얼마인가요?")
        assert given.status is Status.NOT_FOUND
        assert "나루시" in given.hits[0].passage.text


class TestHits:
    def test_as_many_as_wanted_whatever_is_read_for_the_answer(self, engine: Engine) -> None:
        question = "나루시 다리와 나룻배와 연합의 편지와 방명록"
        assert len(engine.ask(question, hits=2).hits) == 2
        assert len(engine.search(question, hits=2)) == 2
        assert len(engine.evidence(question, hits=2).found.hits) >= HITS_READ
        assert len(engine.ask(question).hits) == len(engine.search(question)) == engine.settings.hits
        assert len(engine.ask(question, hits=15).hits) == 15

    def test_how_many_are_wanted_does_not_change_the_answer(self, engine: Engine) -> None:
        question = "나루시 다리와 나룻배와 연합의 편지와 방명록"
        one, many = engine.ask(question, hits=1), engine.ask(question, hits=20)
        assert (one.citations, one.probability) == (many.citations, many.probability)

    def test_filters_narrow_hits_and_citations(self, engine: Engine) -> None:
        filters = Filters(documents=("ferry",))
        given = engine.ask("다리가 놓이자 무엇이 사라졌나요?", filters=filters)
        assert {hit.passage.document_id for hit in given.hits} == {"ferry"}
        assert {citation.document_id for citation in given.citations} <= {"ferry"}
        assert {hit.passage.document_id for hit in engine.search("다리", filters=filters)} == {"ferry"}
        with pytest.raises(FilterError, match="The index has no author 'Nobody'"):
            engine.ask("다리", filters=Filters(author="Nobody"))


class TestDocuments:
    def test_what_is_in_the_index_can_be_looked_at(self, engine: Engine) -> None:
        assert [each.id for each in engine.documents()] == sorted(CITY)
        document = engine.document("union")
        assert engine.title("union") == document.metadata.title == "물의 도시 연합 안내서"
        passages = engine.passages("union")
        assert [passage.ordinal for passage in passages] == list(range(len(passages)))
        assert engine.passage(passages[0].id) == passages[0]
        assert engine.info()["counts"]["documents"] == len(CITY)
        assert engine.info()["encoder"] is None

    @pytest.mark.parametrize("name", ["document", "passages", "title", "passage"])
    def test_what_is_not_there_is_said(self, engine: Engine, name: str) -> None:
        with pytest.raises(NotFoundError, match="'tunnel' in the index"):
            getattr(engine, name)("tunnel")


class TestSameAnswers:
    def test_asked_twice_it_says_the_same(self, engine: Engine) -> None:
        assert [timeless(engine.ask(each)) for each in ASKED] == [timeless(engine.ask(each)) for each in ASKED]

    def test_two_engines_in_many_threads_say_the_same(self, index: Path, engine: Engine) -> None:
        expected = [timeless(engine.ask(each)) for each in ASKED] * 6
        with engine_over(index) as other, ThreadPoolExecutor(8) as pool:
            for asked in (engine, other):
                assert list(pool.map(lambda each, by=asked: timeless(by.ask(each)), ASKED * 6)) == expected

    def test_an_index_built_again_says_the_same(self, engine: Engine, tmp_path: Path) -> None:
        with engine_over(index_city(tmp_path)) as again:
            assert [timeless(again.ask(each)) for each in ASKED] == [timeless(engine.ask(each)) for each in ASKED]


class TestDeletion:
    def test_a_deleted_document_is_in_no_later_answer(self, tmp_path: Path) -> None:
        index = index_city(tmp_path)
        before = engine_over(index, threshold=0)
        delete(["ferry"], index, analyser=analyser())
        questions = (*ASKED, "나룻배 연구의 사공은 누구인가요?", "Who collects the stories of the ferrymen?")
        with engine_over(index, threshold=0) as after:
            for question in questions:
                given = after.ask(question, hits=50)
                named = {hit.passage.document_id for hit in given.hits} | {c.document_id for c in given.citations}
                assert "ferry" not in named
                assert "나룻배는" not in given.text
            assert "ferry" not in {each.id for each in after.documents()}
            with pytest.raises(NotFoundError):
                after.document("ferry")
        with before:
            assert before.ask("나룻배는 왜 사라졌나요?").citations[0].document_id == "ferry"

    def test_its_glosses_go_with_it(self, tmp_path: Path) -> None:
        index = index_city(tmp_path)
        question, korean = "What is barter?", "물물교환은 소금과"
        texts = {"salt": "# 소금\n\n물물교환은 소금과 쌀을 바꾸는 일이었다.\n"}
        for name, text in texts.items():
            (tmp_path / "docs" / f"{name}.md").write_text(text, encoding="utf-8")
        Builder(settings(), analyser()).build([tmp_path / "docs"], index)
        with engine_over(index) as before:
            assert "salt" in {hit.passage.document_id for hit in before.search(question)}
        delete(["letters"], index, analyser=analyser())
        with engine_over(index) as after:
            assert after.search(question) == []
            assert korean in after.search("물물교환")[0].passage.text


class TestWording:
    QUESTION = "나루시의 흔들다리는 언제 놓였나요?"

    def ask(self, index: Path, url: str) -> Answer:
        with engine_over(index, threshold=0, llm_url=url, llm_model="writer-1", llm_timeout=5) as engine:
            return engine.ask(self.QUESTION)

    def test_a_model_words_the_answer_from_what_was_found(self, index: Path) -> None:
        with chat_server(
            replies("흔들다리는 1987년 5월 3일에 놓였다 [1]. 흔들다리는 1988년에 무너졌다 [1].")
        ) as server:
            given = self.ask(index, server.url)
        assert given.text == "흔들다리는 1987년 5월 3일에 놓였다. [1]"
        assert given.worded_by == "writer-1"
        assert given.dropped == ("흔들다리는 1988년에 무너졌다.",)
        (citation,) = given.citations
        assert "1987년 5월 3일에 놓였다." in citation.quote
        (request,) = server.requests
        assert "[1] 나루시 흔들다리 백서" in request.text
        assert citation.quote in request.text
        assert self.QUESTION in request.text

    def test_where_it_fails_the_extract_stands(self, index: Path) -> None:
        with engine_over(index, threshold=0) as engine:
            expected = engine.ask(self.QUESTION)
        with chat_server(sends(b"broken", 500)) as server:
            given = self.ask(index, server.url)
        assert timeless(given) == timeless(expected)
        assert given.worded_by == ""

    def test_what_was_not_found_is_not_worded(self, index: Path) -> None:
        with chat_server(replies("모릅니다.")) as server:
            with engine_over(index, threshold=1, llm_url=server.url, llm_model="writer-1") as engine:
                assert engine.ask(self.QUESTION).status is Status.NOT_FOUND
        assert server.requests == []
