"""The page of one of the learner's words: sound, rank, relatives, memory."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import introduce
from vocabulary import word_page
from vocabulary.managers import NewWord
from vocabulary.models import Gloss, Pronunciation, VocabularyItem
from vocabulary.reviewing import review, undo
from vocabulary.word_page import rank, related


@pytest.fixture
def item(learner):
    item = introduce(learner, NewWord("cuenta", "bill"))[0]
    item.learner = learner
    return item


def page_of(client, item, **query):
    return client.get(item.get_absolute_url(), query)


def review_often(item, count, **details):
    start = timezone.now() - timedelta(days=3 * count)
    return [
        review(
            item,
            3,
            client_id=f"{item.pk}-{n}",
            at=start + timedelta(days=3 * n),
            **details,
        )[0]
        for n in range(count)
    ]


class TestSound:
    def test_syllables_letters_and_ipa_are_shown_with_their_source(
        self, learner_client, learner
    ):
        item = introduce(learner, "vergüenza")[0]
        Pronunciation.objects.keep("es", "vergüenza", "beɾˈɣwenθa", "eSpeak NG")
        page = page_of(learner_client, item).text
        assert "/beɾˈɣwenθa/" in page
        assert "eSpeak NG" in page
        assert "ver·güen·za" in page
        assert "ver<mark>gü</mark>enza" in page
        assert 'data-say="vergüenza" data-rate="0.6"' in page

    def test_reasons_are_in_the_learners_native_language(self, learner_client, learner):
        learner.native_language = "de"
        learner.save()
        item = introduce(learner, "hola")[0]
        assert "Bleibt immer stumm" in page_of(learner_client, item).text

    def test_a_dictionary_has_precedence(self, learner_client, item):
        Gloss.objects.create(
            language="es",
            native_language="en",
            lemma="cuenta",
            translation="bill",
            phonetic="[ˈkwenta]",
            source="FreeDict",
            licence="GPL",
        )
        Pronunciation.objects.keep("es", "cuenta", "other", "eSpeak NG")
        page = page_of(learner_client, item).text
        assert "/ˈkwenta/" in page
        assert "FreeDict" in page

    def test_what_the_learner_wrote_is_shown_as_written(self, learner_client, item):
        VocabularyItem.objects.revise(item, phonetic="KWEN-ta")
        page = page_of(learner_client, item).text
        assert "<dt>Sound</dt>" in page
        assert "KWEN-ta</span>" in page

    def test_where_nobody_says_it_nothing_is_missing(self, learner_client, learner):
        item = introduce(learner, "pan")[0]
        page = page_of(learner_client, item).text
        assert "IPA" not in page
        assert "Syllables" not in page

    def test_the_look_up_page_has_the_same(self, learner_client):
        address = reverse("conversations:word", args=["es", "guitarra"])
        for headers, heading in (({}, "h2"), ({"HX-Request": "true"}, "h3")):
            page = learner_client.get(address, headers=headers).text
            assert "gui·ta·rra" in page
            assert "guita<mark>rr</mark>a" in page
            assert f"<{heading}>How it sounds" in page


class TestRank:
    def test_a_word_has_its_place_among_those_of_its_language(self, learner, stranger):
        introduce(learner, "house", language="en")
        introduce(stranger, "de")
        casa, mesa, _ = introduce(learner, "casa", "mesa", "zqk")
        assert rank(casa) == (1, 3)
        assert rank(mesa) == (2, 3)

    def test_a_word_that_is_not_counted_has_none(
        self, learner_client, learner, django_assert_num_queries
    ):
        item = introduce(learner, "zqk")[0]
        with django_assert_num_queries(0):
            assert rank(item) is None
        assert "commonest first" not in page_of(learner_client, item).text

    def test_the_page_leads_to_the_words_in_that_order(self, learner_client, learner):
        mesa = introduce(learner, "mesa", "casa", "zqk")[1]
        page = page_of(learner_client, mesa).text
        [query] = re.findall(r'\?(language=es&amp;order=commonest)"', page)
        assert "your 3 Spanish words" in page
        shown = learner_client.get(f"{reverse('vocabulary:list')}?{unescape(query)}")
        words = [item.word for item in shown.context["page"]]
        assert words == ["casa", "mesa", "zqk"]


class TestRelated:
    def names(self, learner, lemma):
        item = learner.vocabulary_items.get(lemma=lemma)
        return [other.lemma for other in related(item)]

    def test_words_that_begin_alike_are_found_from_either(self, learner, stranger):
        introduce(learner, "comunicar", "comunicación", "comunidad", "comida")
        introduce(learner, "comunicar", language="pt")
        introduce(stranger, "comunicado")
        es = learner.vocabulary_items.filter(language="es")
        assert [o.lemma for o in related(es.get(lemma="comunicar"))] == [
            "comunicación",
            "comunidad",
        ]
        assert "comunicar" in self.names(learner, "comunicación")

    def test_accents_and_case_make_no_difference(self, learner):
        introduce(learner, "árbol", "arboleda")
        assert self.names(learner, "árbol") == ["arboleda"]

    def test_a_translation_that_begins_alike_is_no_relative(self, learner):
        introduce(learner, NewWord("mercado", "market"), NewWord("plaza", "mercado"))
        assert self.names(learner, "mercado") == []

    def test_a_short_word_has_none(self, learner):
        introduce(learner, "sol", "soledad")
        assert self.names(learner, "sol") == []

    def test_at_most_ten_are_shown_the_closest_first(self, learner_client, learner):
        introduce(learner, "zqkmnta", *(f"zqkm{chr(97 + n)}" for n in range(12)))
        introduce(learner, "zqkmntas")
        item = learner.vocabulary_items.get(lemma="zqkmnta")
        found = [other.lemma for other in related(item)]
        assert len(found) == word_page.SHOWN
        assert found[0] == "zqkmntas"
        page = page_of(learner_client, item).text
        assert "Words that look related" in page
        assert "zqkmntas" in page

    def test_without_any_the_page_says_nothing_of_them(self, learner_client, item):
        assert "look related" not in page_of(learner_client, item).text


class TestMemory:
    def test_a_new_word_has_no_curve_yet(self, learner_client, item):
        page = page_of(learner_client, item).text
        assert "Not reviewed yet" in page
        assert "<polyline" not in page

    def test_the_curve_has_title_description_and_its_figures(
        self, learner_client, item
    ):
        review_often(item, 3)
        page = page_of(learner_client, item).text
        assert "Memory of “cuenta”</title>" in page
        assert "Reviews drawn: 3." in page
        assert page.count('<circle class="recalled"') == 3
        assert "before the review" in page
        assert "in 30 days" in page
        assert "style=" not in page.split("<main", 1)[1]

    def test_a_word_forgotten_has_a_mark_of_its_own(self, learner_client, item):
        review(item, 1, client_id="a")
        assert '<rect class="forgotten"' in page_of(learner_client, item).text

    def test_what_was_undone_is_in_the_table_but_not_in_the_curve(
        self, learner_client, item
    ):
        made = review_often(item, 2)[-1]
        made.learner = item.learner
        undo(made)
        page = page_of(learner_client, item).text
        assert "Undone" in page
        assert page.count('<circle class="recalled"') == 1

    def test_each_review_shows_rating_prediction_and_evidence(
        self, learner_client, item
    ):
        review_often(item, 2)
        details = {"kind": "conversation", "evidence": "¡La cuenta!", "source_id": "c"}
        review(item, 2, client_id="talk", **details)
        page = page_of(learner_client, item).text
        for shown in ("Hard", "Good", "Conversation", "¡La cuenta!</q>"):
            assert shown in page
        latest = learner_client.get(item.get_absolute_url()).context["reviews"][0]
        assert f"{round(latest.predicted * 100)} %" in page

    def test_reviews_come_in_pages_of_fifty_the_latest_first(
        self, learner_client, item
    ):
        review_often(item, 60)
        first = page_of(learner_client, item, next="/review/")
        assert len(first.context["reviews"]) == 50
        assert "?next=/review/&amp;page=2" in first.text.replace("%2F", "/")
        second = page_of(learner_client, item, page=2)
        assert len(second.context["reviews"]) == 10
        for wrong in ("x", "0", "9" * 30, "\x00"):
            assert page_of(learner_client, item, page=wrong).status_code == 200

    def test_of_many_reviews_the_latest_are_drawn(
        self, learner_client, item, monkeypatch
    ):
        monkeypatch.setattr(word_page, "DRAWN", 3)
        review_often(item, 5)
        page = page_of(learner_client, item)
        assert len(page.context["curve"].marks) == 3
        assert "The latest 3 reviews are drawn." in page.text


@pytest.mark.parametrize("count", [1, 50])
def test_the_page_takes_the_same_queries_for_any_number(
    learner_client, learner, count, django_assert_num_queries
):
    item, *_ = introduce(learner, "zqkma", *(f"zqkm{n}b" for n in range(count)))
    VocabularyItem.objects.filter(pk=item.pk).update(frequency=3)
    item.learner = learner
    review_often(item, count)
    # session, learner, item, glosses, rank, related, curve, reviews counted and shown,
    # pronunciation, met
    with django_assert_num_queries(11):
        page_of(learner_client, item)


def test_what_could_not_be_saved_comes_back_with_all_of_the_page(learner_client, item):
    review_often(item, 1)
    given = {"translation": "x" * 201, "definition": ""}
    response = learner_client.post(item.get_absolute_url(), given)
    assert response.status_code == 422
    assert "<polyline" in response.text
