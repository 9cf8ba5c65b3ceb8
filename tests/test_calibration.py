"""The probability that the documents answer: its features by hand, its formula, and that it tells what it is for."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.resources import files

import pytest

from qa.asks import Asked, Kind
from qa.calibration import FEATURES, features, model_name, probability
from qa.engine import Engine
from qa.evidence import Evidence, Sentence
from qa.records import Language
from qa.retrieve import DENSE, TOKENS, Legs
from tests.city import engine_over, index_city

MODELS: dict[str, dict[str, list[float]]] = json.loads(files("qa").joinpath("calibration.json").read_text("utf-8"))
TEXT = Asked(Kind.TEXT)
Rarity = Mapping[str, float]
NOTHING: Rarity = {}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with engine_over(index_city(tmp_path_factory.mktemp("city"))) as engine:
        yield engine


@pytest.fixture(scope="module")
def found(city: Engine) -> Evidence:
    return city.evidence("다리의 난간")


def sentence(found: Evidence, text: str, **values: object) -> Sentence:
    """A sentence that says `text` and for which only these values speak."""
    blank = replace(found.sentences[0], text=text, coverage=0.0, cosine=0.0, tokens=0.0, values=(), score=0.0)
    return replace(blank, **values)  # type: ignore[arg-type]


def evidence(found: Evidence, *sentences: Sentence, wanted: Asked = TEXT, rarity: Rarity = NOTHING) -> Evidence:
    return replace(found, sentences=sentences, wanted=wanted, rarity=rarity)


def named(given: Evidence) -> dict[str, float]:
    return dict(zip(FEATURES, features(given), strict=True))


class TestFeatures:
    def test_cosines_are_the_best_and_its_lead_over_the_middle(self, found: Evidence) -> None:
        given = evidence(found, *(sentence(found, "탑", cosine=cosine) for cosine in (0.2, 0.7, 0.3, 0.1)))
        assert named(given)["cosine"] == 0.7
        assert named(given)["cosine lead"] == pytest.approx(0.7 - 0.3)

    def test_tokens_are_those_of_the_best_sentence_passage_and_value(self, found: Evidence) -> None:
        best = sentence(found, "탑의 예산", tokens=0.8, score=2.0)
        value = sentence(found, "예산은 3원", tokens=0.6, score=1.5, values=((4, 6),))
        legs = Legs({TOKENS: {"bridge#0": 0.5, "bridge#1": 0.7}})
        plain = evidence(found, best, value, wanted=Asked(Kind.MONEY))
        given = named(replace(plain, found=replace(found.found, legs=legs)))
        assert (given["tokens"], given["tokens of the passage"]) == (0.8, 0.7)
        assert given["tokens lost to the value"] == pytest.approx(0.6 - 0.8)
        assert given["tokens of the value"] == 0.6
        assert named(plain)["tokens of the passage"] == 0.0
        assert named(evidence(found, best, value))["tokens of the value"] == 0.0

    def test_coverage_of_the_best_and_of_the_best_three_together(self, found: Evidence) -> None:
        terms = {"탑": 3.0, "돌": 2.0, "물": 4.0, "새": 1.0}
        said = ["탑은 높다", "문은 낮다", "돌은 희다", "물은 깊다"]
        given = evidence(found, *(sentence(found, text, coverage=0.4) for text in said), rarity=terms)
        assert named(given)["coverage"] == 0.4
        assert named(given)["coverage of the best three"] == pytest.approx((3 + 2) / 10)
        assert named(given)["rarest term missing"] == pytest.approx(4 / 10)

    def test_latin_terms_are_there_in_any_case(self, found: Evidence) -> None:
        assert (
            named(evidence(found, sentence(found, "LWC의 모임"), rarity={"lwc": 1.0}))["coverage of the best three"]
            == 1.0
        )

    def test_without_terms_nothing_is_missing(self, found: Evidence) -> None:
        given = named(evidence(found, sentence(found, "탑")))
        assert (given["coverage of the best three"], given["rarest term missing"]) == (1.0, 0.0)

    def test_numbers_are_missing_unless_a_passage_of_the_best_has_them_in_any_spelling(self, found: Evidence) -> None:
        hit = replace(found.sentences[0].hit, terms=("10000000", "2013-10-05"))
        terms = dict.fromkeys(["10000000", "2013-10-05", "48", "명"], 1.0)
        given = evidence(found, sentence(found, "1,000만 명", hit=hit), rarity=terms)
        assert named(given)["numbers missing"] == pytest.approx(1 / 3)
        assert named(evidence(found, sentence(found, "탑"), rarity={"탑": 1.0}))["numbers missing"] == 0.0

    def test_a_value_that_is_asked_for_and_found(self, found: Evidence) -> None:
        best = sentence(found, "탑의 예산", cosine=0.6, coverage=0.8, score=2.0)
        value = sentence(found, "예산은 3원", cosine=0.5, coverage=0.5, score=1.5, values=((4, 6),))
        given = named(evidence(found, best, value, wanted=Asked(Kind.MONEY, (), "예산")))
        assert (given["one value asked"], given["value missing"], given["focus missing"]) == (1.0, 0.0, 0.0)
        assert given["value cosine"] == pytest.approx(0.5 - 0.6)
        assert given["value coverage"] == pytest.approx(0.5 - 0.8)

    def test_a_value_that_is_asked_for_and_not_found(self, found: Evidence) -> None:
        given = named(evidence(found, sentence(found, "탑의 예산", cosine=0.6), wanted=Asked(Kind.MONEY, (), "예산")))
        assert (given["one value asked"], given["value missing"], given["focus missing"]) == (1.0, 1.0, 1.0)
        assert (given["value cosine"], given["value coverage"]) == (0.0, 0.0)

    def test_a_value_far_down_or_beside_another_word_counts_as_such(self, found: Evidence) -> None:
        value = sentence(found, "값은 3원", values=((3, 5),))
        far = evidence(found, *[sentence(found, "탑")] * 20, value, wanted=Asked(Kind.MONEY))
        assert named(far)["value missing"] == 1.0
        beside = evidence(found, value, wanted=Asked(Kind.MONEY, (), "예산"))
        assert (named(beside)["value missing"], named(beside)["focus missing"]) == (0.0, 1.0)

    def test_nobody_misses_a_value_that_was_not_asked_for(self, found: Evidence) -> None:
        given = named(evidence(found, sentence(found, "탑", values=((0, 1),)), wanted=Asked(Kind.TEXT, (), "예산")))
        assert not any(given[name] for name in FEATURES if name.startswith(("one value", "value", "focus")))

    def test_the_score_leads_the_fifth_or_the_last(self, found: Evidence) -> None:
        scores = (3.0, 2.5, 2.0, 1.5, 1.25, 1.0)
        many = evidence(found, *(sentence(found, "탑", score=score) for score in scores))
        assert named(many)["score lead"] == pytest.approx(3.0 - 1.25)
        assert named(evidence(found, *many.sentences[:2]))["score lead"] == pytest.approx(3.0 - 2.5)

    def test_the_lexical_score_is_the_best_for_the_weight_of_the_terms(self, city: Engine) -> None:
        given = city.evidence("What does the LWC do?")
        weights = sum(term.weight for term in given.found.terms.terms)
        best = max(given.found.legs.scores["morphemes"].values())
        rarest = math.log(1 + (given.found.searched - 0.5) / 1.5)
        assert given.found.searched > 1
        assert named(given)["lexical score"] == pytest.approx(best / (1 + weights) / rarest)
        silent = replace(given, found=replace(given.found, legs=Legs({})))
        assert named(silent)["lexical score"] == 0.0

    def test_nothing_found_is_all_zero(self, found: Evidence) -> None:
        assert features(evidence(found, rarity={"탑": 1.0})) == (0.0,) * len(FEATURES)


class TestProbability:
    def test_every_model_has_a_number_for_each_feature(self) -> None:
        for model in MODELS.values():
            assert {name: len(values) for name, values in model.items()} == {
                "mean": len(FEATURES),
                "scale": len(FEATURES),
                "weights": len(FEATURES),
                "bias": 1,
            }
            assert min(model["scale"]) > 0

    def test_there_is_a_model_for_each_language_with_and_without_a_dense_leg(self, found: Evidence) -> None:
        dense = Legs({**found.found.legs.scores, DENSE: {"bridge#0": 0.5}})
        chosen = [
            model_name(replace(found, found=replace(found.found, language=language, legs=legs)))
            for language in (Language.KOREAN, Language.ENGLISH)
            for legs in (found.found.legs, dense)
        ]
        assert chosen == ["ko-lexical", "ko-dense", "en-lexical", "en-dense"]
        assert MODELS.keys() >= set(chosen)

    @pytest.mark.parametrize("question", ["난간의 등불은 몇 개인가요?", "What is the League of Water Cities?"])
    def test_it_is_the_logistic_function_of_the_scaled_features(self, city: Engine, question: str) -> None:
        given = city.evidence(question)
        model = MODELS[model_name(given)]
        logit = model["bias"][0]
        for value, mean, scale, weight in zip(
            features(given), model["mean"], model["scale"], model["weights"], strict=True
        ):
            logit += weight * (value - mean) / scale
        assert probability(given) == pytest.approx(1 / (1 + math.exp(-logit)))
        assert 0 < probability(given) < 1

    def test_nothing_found_has_none(self, city: Engine, found: Evidence) -> None:
        assert probability(city.evidence("quantum chromodynamics")) == 0.0
        assert probability(evidence(found, rarity={"탑": 1.0})) == 0.0

    def test_features_beyond_all_bounds_are_no_error(self, found: Evidence) -> None:
        wild = [evidence(found, sentence(found, "탑", score=score), sentence(found, "탑")) for score in (1e9, -1e9)]
        assert sorted(map(probability, wild)) == pytest.approx([1 / (1 + math.exp(30)), 1 / (1 + math.exp(-30))])

    @pytest.mark.parametrize(
        ("here", "elsewhere"),
        [
            ("물의 도시 연합은 어떤 행사를 여나요?", "피자 반죽에는 어떤 밀가루를 쓰나요?"),
            ("개통식 날에는 무엇을 했나요?", "고래는 물속에서 어떻게 숨을 쉬나요?"),
            ("흔들다리의 길이는 몇 미터인가요?", "농구 골대의 높이는 몇 미터인가요?"),
            ("What is the League of Water Cities?", "What is the fundamental theorem of calculus?"),
        ],
    )
    def test_what_is_here_is_likelier_than_what_is_about_something_else(
        self, city: Engine, here: str, elsewhere: str
    ) -> None:
        assert probability(city.evidence(here)) > 0.5 > probability(city.evidence(elsewhere)) + 0.1
