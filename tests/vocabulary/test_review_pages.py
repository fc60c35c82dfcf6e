"""The review page and what belongs to it, as a browser without JavaScript has it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from lingo.templatetags.lingo import interval
from tests.factories import introduce, learned
from vocabulary.managers import NewWord
from vocabulary.models import Review, VocabularyItem
from vocabulary.reviewing import review

PAGE = reverse("vocabulary:review")
UNDO = reverse("vocabulary:review-undo")
SETTINGS = reverse("vocabulary:review-settings")
CATCH_UP = reverse("vocabulary:review-catch-up")
LEECHES = reverse("vocabulary:review-leeches")
HOME = reverse("conversations:home")
NOON = datetime(2026, 6, 17, 12, tzinfo=UTC)  # a Wednesday


def zq(count):
    letters = "bcdfghklmn"
    return [f"z{letters[n % 10]}o{letters[n // 10]}a" for n in range(count)]


@pytest.fixture
def item(learner):
    word = NewWord("habitación", "room", "Quiero una habitación con baño.")
    found = introduce(learner, word)[0]
    found.learner = learner
    return found


@pytest.fixture
def typed_item(item):
    """The word when its card asks to type it."""
    review(item, 3, client_id="first", at=timezone.now() - timedelta(minutes=20))
    return item


def text_of(response):
    return " ".join(strip_tags(response.text).split())


def shown(client, **query):
    return client.get(PAGE, query).context["card"]


def answer(client, item, typed="", number=0, **query):
    query = {"card": item.pk, "number": number, "typed": typed, **query}
    return client.get(PAGE, query)


def rate(client, item, rating=3, number=0, query="", **fields):
    fields = {"card": item.pk, "number": number, "rating": rating, **fields}
    return client.post(PAGE + query, fields)


class TestTheWayThroughACard:
    def test_it_asks_shows_the_answer_and_takes_a_rating(self, learner_client, item):
        page = learner_client.get(PAGE)
        assert "What does this mean?" in page.text
        question = page.text.split("<template")[0]
        assert "habitación" in question
        assert "room" not in question

        page = answer(learner_client, item)
        wait = interval(page.context["buttons"][3].wait)
        for word in ("habitación", "room", "Quiero una", "10 min", wait, "(suggested)"):
            assert word in page.text

        response = rate(learner_client, item, 4, duration_ms=2500)
        assert (response.status_code, response.url) == (302, PAGE)
        done = Review.objects.get()
        assert (done.rating, done.kind, done.duration_ms) == (4, "card", 2500)
        page = learner_client.get(PAGE)
        assert "Done for today" in page.text

    def test_a_typed_answer_is_compared(self, learner_client, typed_item):
        page = learner_client.get(PAGE)
        assert "How do you say this in Spanish?" in page.text
        assert "habitación" not in page.text.split("</article>")[0]

        page = answer(learner_client, typed_item, "habitacion", number=1)

        assert "Right; the accents differ." in page.text
        assert "<del>o</del>" in page.text
        assert "<ins>ó</ins>" in page.text

    @pytest.mark.parametrize(
        ("typed", "minds", "said", "suggested"),
        [
            ("habitación", False, "Right.", "Good"),
            ("Habitación", False, "capital letters differ", "Good"),
            ("habitacion", True, "Nearly: the accents differ.", "Again"),
            ("mesa", False, "Not quite.", "Again"),
            ("", False, "How well did you know it?", "Good"),
        ],
    )
    def test_the_verdict_is_told_and_a_rating_suggested_never_forced(
        self, learner_client, learner, typed_item, typed, minds, said, suggested
    ):
        learner.minds_accents = minds
        learner.save()

        page = answer(learner_client, typed_item, typed, number=1)

        assert said in page.text
        [button] = re.findall(r"data-suggested>(\w+)", page.text)
        assert button == suggested
        rate(learner_client, typed_item, 4, number=1, typed=typed)
        assert Review.objects.latest_first().first().rating == 4

    def test_a_gap_is_filled_in_the_learners_own_sentence(
        self, learner_client, typed_item
    ):
        at = timezone.now() - timedelta(minutes=15)
        review(typed_item, 1, client_id="second", at=at)

        page = learner_client.get(PAGE)

        assert "word is missing?" in page.text
        assert "Quiero una" in page.text
        assert "habitación" not in page.text.split("</article>")[0]
        page = answer(learner_client, typed_item, "habitación", number=2)
        assert "Right." in page.text

    def test_a_gap_without_translation_hints_at_the_definition(
        self, learner_client, learner
    ):
        item = introduce(learner, NewWord("mesa", "", "La mesa."))[0]
        VocabularyItem.objects.revise(item, definition="A piece of furniture")
        item.learner = learner
        at = timezone.now() - timedelta(minutes=20)
        review(item, 3, client_id="first", at=at)

        assert "A piece of furniture" in learner_client.get(PAGE).text

    def test_listening_falls_back_to_the_meaning(self, learner_client, typed_item):
        at = timezone.now() - timedelta(minutes=15)
        review(typed_item, 1, client_id="second", at=at)
        review(typed_item, 1, client_id="third", at=at)

        page = learner_client.get(PAGE)

        assert shown(learner_client).kind == "listen"
        assert "data-without-voice" in page.text
        assert re.search(r"data-with-voice hidden", page.text)
        assert "room" in answer(learner_client, typed_item, "x", number=3).text

    def test_a_word_of_which_nothing_is_known_still_makes_a_card(
        self, learner_client, learner
    ):
        item = introduce(learner, "mesa")[0]

        assert "Do you know this word?" in learner_client.get(PAGE).text
        assert rate(learner_client, item).status_code == 302

    def test_what_can_not_be_compared_is_refused_and_kept(
        self, learner_client, typed_item
    ):
        for typed in ("x" * 101, "a\x00b"):
            page = answer(learner_client, typed_item, typed, number=1)
            assert page.status_code == 422
            assert page.context["form"].errors["typed"]
            assert "How do you say this in Spanish?" in page.text
        assert "x" * 101 in answer(learner_client, typed_item, "x" * 101, number=1).text

    @pytest.mark.parametrize("rating", ["0", "5", "", "good", "\x00", "9" * 5000])
    def test_what_is_no_rating_is_refused(self, learner_client, typed_item, rating):
        page = rate(learner_client, typed_item, rating, number=1, typed="cuarto")

        assert page.status_code == 422
        assert page.context["form"].errors["rating"]
        assert "cuarto" in page.text
        assert Review.objects.count() == 1

    def test_a_duration_that_makes_no_sense_is_refused(self, learner_client, item):
        page = rate(learner_client, item, duration_ms="9" * 30, typed="\x00")

        assert page.status_code == 422
        assert not Review.objects.exists()

    @pytest.mark.parametrize("key", ["", "x", "-1", "\x00", "0", "²", "9" * 5000])
    def test_what_is_no_card_is_not_found(self, learner_client, item, key):
        assert learner_client.get(PAGE, {"card": key}).status_code == 404
        assert learner_client.post(PAGE, {"card": key, "rating": 3}).status_code == 404
        assert learner_client.post(UNDO, {"review": key}).status_code == 404


class TestOnceOnly:
    def test_a_double_click_makes_one_review(self, learner_client, item):
        for rating in (3, 1):
            assert rate(learner_client, item, rating).url == PAGE

        assert [done.rating for done in Review.objects.all()] == [3]

    def test_two_tabs_make_one_review(self, learner_client, learner, item):
        other = Client()
        other.force_login(learner)
        first, second = shown(learner_client), shown(other)
        assert first == second

        rate(learner_client, item, 4, number=first.number)
        rate(other, item, 1, number=second.number)

        assert [done.rating for done in Review.objects.all()] == [4]
        assert answer(other, item, number=0).url == PAGE

    def test_a_card_that_is_over_leads_to_the_next(self, learner_client, item):
        rate(learner_client, item)

        assert answer(learner_client, item, number=0).url == PAGE
        assert answer(learner_client, item, number=7).url == PAGE

    def test_a_reload_shows_the_same_card(self, learner_client, learner):
        learned(learner, *zq(10), due=timezone.now())

        assert len({shown(learner_client).client_id for _ in range(4)}) == 1

    def test_a_name_used_elsewhere_is_told(self, learner_client, learner, item):
        other = introduce(learner, "mesa")[0]
        other.learner = learner
        review(other, 3, client_id=shown(learner_client, card=item.pk).client_id)

        rate(learner_client, item)

        assert "was used for another review already" in learner_client.get(PAGE).text
        assert Review.objects.count() == 1


class TestUndo:
    def undo(self, client, done, query=""):
        return client.post(UNDO + query, {"review": done.pk})

    def test_it_restores_the_word_and_brings_its_card_back(self, learner_client, item):
        before = VocabularyItem.objects.values().get()
        rate(learner_client, item, 1)
        assert "Last: habitación, again" in text_of(learner_client.get(PAGE))

        response = self.undo(learner_client, Review.objects.get())

        assert response.url == f"{PAGE}?card={item.pk}"
        page = learner_client.get(response.url)
        assert page.context["card"].item == item
        assert "is taken back" in page.text
        assert VocabularyItem.objects.values().get() == before
        rate(learner_client, item, 4, number=1)
        assert [one.rating for one in Review.objects.standing()] == [4]

    def test_twice_takes_back_one_review(self, learner_client, learner, item):
        other = introduce(learner, "mesa")[0]
        rate(learner_client, other)
        rate(learner_client, item)
        done = Review.objects.latest_first().first()

        for _ in range(2):
            self.undo(learner_client, done)

        assert [one.item for one in Review.objects.standing()] == [other]

    def test_a_review_that_another_builds_on_stays(self, learner_client, item):
        rate(learner_client, item)
        done = Review.objects.get()
        review(item, 3, client_id="talk", kind="conversation", source_id="t")

        assert self.undo(learner_client, done).url == PAGE

        assert "A later review of this word builds" in learner_client.get(PAGE).text
        assert Review.objects.standing().count() == 2

    def test_only_todays_reviews_are_offered(self, learner_client, item):
        review(item, 4, client_id="c", at=timezone.now() - timedelta(days=2))

        assert learner_client.get(PAGE).context["undoable"] is None

    def test_signing_in_again_on_the_way_leads_to_the_review(self, learner_client):
        assert learner_client.get(UNDO).url == PAGE


class TestSuspending:
    def test_a_suspended_word_no_longer_comes(self, learner_client, item):
        address = reverse("vocabulary:suspend", args=[item.pk])
        response = learner_client.post(address, {"next": PAGE})

        assert response.url == PAGE
        page = learner_client.get(PAGE)
        assert page.context["card"] is None
        assert item.get_absolute_url() in page.text
        assert learner_client.get(PAGE, {"card": item.pk}).url == PAGE
        assert (
            "It is kept, but never due."
            in learner_client.get(item.get_absolute_url()).text
        )

    def test_it_can_be_resumed(self, learner_client, item):
        VocabularyItem.objects.update(is_suspended=True)

        response = learner_client.post(reverse("vocabulary:resume", args=[item.pk]))

        assert response.url == item.get_absolute_url()
        assert shown(learner_client).item == item

    def test_reading_changes_nothing(self, learner_client, item):
        learner_client.get(reverse("vocabulary:suspend", args=[item.pk]))

        assert not VocabularyItem.objects.get().is_suspended

    @pytest.mark.parametrize(
        "elsewhere", ["https://example.org/", "//example.org", "next", "javascript:1"]
    )
    def test_it_never_leads_off_this_site(self, learner_client, item, elsewhere):
        address = reverse("vocabulary:suspend", args=[item.pk])
        response = learner_client.post(address, {"next": elsewhere})

        assert response.url == item.get_absolute_url()


def test_editing_a_word_leads_back_to_its_card(learner_client, item):
    page = learner_client.get(PAGE, {"language": "es"})
    [address] = re.findall(r'id="edit" href="([^"]+)"', page.text)
    back = f"{PAGE}?language=es&card={item.pk}"
    assert learner_client.get(address).context["next"] == back

    given = {"translation": "chamber", "example": "Una habitación.", "next": back}
    response = learner_client.post(item.get_absolute_url(), given)

    assert response.url == back
    assert learner_client.get(back).context["card"].item.translation == "chamber"


class TestToday:
    def test_what_is_left_is_said_in_words(self, learner_client, learner):
        learned(learner, "casa", "mesa", due=timezone.now())
        introduce(learner, "pan")

        page = text_of(learner_client.get(PAGE))

        assert "0 done · 2 reviews and 1 new word left" in page

    def test_the_bar_grows(self, learner_client, item):
        rate(learner_client, item, 4)

        assert '<progress value="1" max="1"' in learner_client.get(PAGE).text

    def test_without_words_it_says_where_they_come_from(self, learner_client):
        assert "There is nothing to review yet" in learner_client.get(PAGE).text

    def test_words_of_later_days_are_told(self, learner_client, learner):
        learned(learner, "casa", due=timezone.now() + timedelta(days=3))

        page = text_of(learner_client.get(PAGE))

        assert "Nothing to review now" in page
        assert "The next word comes in 3 days" in page or "in 2 days" in page

    def test_a_word_in_steps_is_told_by_the_minute(self, learner_client, item):
        rate(learner_client, item, 3)

        assert "The next word comes in 10 min" in text_of(learner_client.get(PAGE))

    def test_new_words_beyond_the_limit_wait(self, learner_client, learner, item):
        learner.new_words_a_day = 0
        learner.save()

        page = text_of(learner_client.get(PAGE))

        assert "1 new word will wait for another day" in page

    def test_a_holiday_is_kind_and_lets_one_review_all_the_same(
        self, learner_client, learner, item
    ):
        learner.away_until = learner.local_date() + timedelta(days=5)
        learner.save()

        page = learner_client.get(PAGE)

        assert "Enjoy your time away" in page.text
        assert "?beyond=on" in page.text
        assert shown(learner_client, beyond="on").item == item
        response = rate(learner_client, item, 4, query="?beyond=on")
        assert response.url == f"{PAGE}?beyond=on"
        assert "Done for today" in learner_client.get(response.url).text

    def test_an_easy_day_leaves_half_for_later(
        self, learner_client, learner, monkeypatch
    ):
        monkeypatch.setattr(timezone, "now", lambda: NOON)
        learner.easy_days = [2]
        learner.save()
        for one in learned(learner, "casa", "mesa", due=NOON):
            page = learner_client.get(PAGE)
            if page.context["card"]:
                assert "easy day" in page.text
                rate(learner_client, page.context["card"].item, 4, number=1)
            assert one

        page = text_of(learner_client.get(PAGE))

        assert "Done for today" in page
        assert "1 more is due, but can wait." in page
        assert shown(learner_client, beyond="on")

    def test_a_large_backlog_can_be_spread(self, learner_client, learner):
        learned(learner, *zq(30), due=timezone.now() - timedelta(days=3))

        assert "30 words have waited for you" in text_of(learner_client.get(PAGE))
        learner_client.post(CATCH_UP, {"days": 10})
        page = text_of(learner_client.get(PAGE))
        assert "3 reviews left · catching up until" in page
        assert "have waited for you" not in page

    def test_languages_are_reviewed_one_at_a_time_if_wished(
        self, learner_client, learner, item
    ):
        introduce(learner, "maison", language="fr")

        page = learner_client.get(PAGE, {"language": "fr", "beyond": "on"})

        assert page.context["card"].item.word == "maison"
        assert f"{PAGE}?beyond=on&amp;language=es" in page.text
        assert 'value="fr"' in page.text
        french = page.context["card"].item
        response = rate(learner_client, french, 4, query="?language=fr")
        assert response.url == f"{PAGE}?language=fr"
        page = learner_client.get(response.url)
        assert page.context["card"] is None
        assert "All languages" in page.text

    @pytest.mark.parametrize("query", [{"language": "xx"}, {"language": "\x00"}])
    def test_a_wish_that_makes_no_sense_is_left_out(self, learner_client, item, query):
        assert shown(learner_client, **query).item == item

    def test_home_leads_to_what_is_asked_today(self, learner_client, learner):
        learner.new_words_a_day = 2
        learner.save()
        introduce(learner, *zq(5))

        page = learner_client.get(HOME)

        assert page.context["due"] == 2
        assert f'href="{PAGE}"><strong>2</strong>' in page.text

    def test_the_list_of_due_words_goes_by_the_learners_day(
        self, learner_client, learner, monkeypatch
    ):
        monkeypatch.setattr(timezone, "now", lambda: NOON)
        learned(learner, "casa", due=NOON + timedelta(hours=6))
        listed = learner_client.get(reverse("vocabulary:list"), {"due": "on"})

        assert [one.word for one in listed.context["page"]] == ["casa"]


class TestSettings:
    GIVEN = {
        "desired_retention": 85,
        "new_words_a_day": 5,
        "easy_days": [5, 6],
        "away_until": "2099-01-01",
        "minds_accents": "on",
    }

    def test_wishes_are_saved_and_shown(self, learner_client, learner):
        response = learner_client.post(SETTINGS, self.GIVEN)

        assert response.url == SETTINGS
        learner.refresh_from_db()
        assert learner.desired_retention == 0.85
        assert (learner.new_words_a_day, learner.easy_days) == (5, [5, 6])
        assert (str(learner.away_until), learner.minds_accents) == ("2099-01-01", True)
        page = learner_client.get(SETTINGS).text
        assert 'value="85"' in page
        assert 'value="2099-01-01"' in page
        assert page.count(" checked") == 3

    def test_they_can_be_taken_back(self, learner_client, learner):
        learner_client.post(SETTINGS, self.GIVEN)
        learner_client.post(SETTINGS, {"desired_retention": 97, "new_words_a_day": 0})

        learner.refresh_from_db()
        assert (learner.easy_days, learner.away_until) == ([], None)
        assert (learner.desired_retention, learner.minds_accents) == (0.97, False)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("desired_retention", "79"),
            ("desired_retention", "98"),
            ("desired_retention", "\x00"),
            ("desired_retention", ""),
            ("new_words_a_day", "201"),
            ("new_words_a_day", "-1"),
            ("new_words_a_day", "9" * 5000),
            ("easy_days", "7"),
            ("easy_days", "Monday"),
            ("away_until", "2000-01-01"),
            ("away_until", "soon"),
            ("away_until", "x" * 10_000),
        ],
    )
    def test_a_wish_that_can_not_be_is_refused(
        self, learner_client, learner, field, value
    ):
        page = learner_client.post(SETTINGS, {**self.GIVEN, field: value})

        assert page.status_code == 422
        assert list(page.context["form"].errors) == [field]
        learner.refresh_from_db()
        assert learner.desired_retention == 0.9

    def test_a_holiday_that_is_over_is_not_in_the_way(self, learner_client, learner):
        learner.away_until = learner.local_date() - timedelta(days=1)
        learner.save()

        assert 'value="20' not in learner_client.get(SETTINGS).text.split("catch-up")[0]

    def test_a_backlog_is_spread_and_gathered_again(self, learner_client, learner):
        learned(learner, "casa", due=timezone.now() - timedelta(days=3))
        learner_client.post(CATCH_UP, {"days": 2})
        learner.refresh_from_db()
        assert learner.catch_up_until == learner.local_date() + timedelta(days=1)
        assert "They are spread until" in learner_client.get(SETTINGS).text

        learner_client.post(CATCH_UP, {"stop": "on"})

        learner.refresh_from_db()
        assert learner.catch_up_until is None

    @pytest.mark.parametrize("days", ["1", "61", "", "x\x00", "9" * 5000])
    def test_days_that_make_no_sense_are_refused(self, learner_client, learner, days):
        page = learner_client.post(CATCH_UP, {"days": days})

        assert page.status_code == 422
        assert page.context["catch_up_form"].errors["days"]
        learner.refresh_from_db()
        assert learner.catch_up_until is None

    def test_signing_in_again_on_the_way_leads_to_the_settings(self, learner_client):
        assert learner_client.get(CATCH_UP).url == SETTINGS

    def test_the_forecast_is_a_table(self, learner_client, learner):
        learned(learner, "casa", "mesa", due=timezone.now() + timedelta(days=3))

        page = learner_client.get(SETTINGS)

        assert "2 reviews of words that you know" in page.text
        assert page.text.count('<th scope="row">') == 30

    def test_the_retention_wanted_decides_the_interval(
        self, learner_client, learner, item
    ):
        waits = []
        for retention in (80, 97):
            learner_client.post(
                SETTINGS, {**self.GIVEN, "desired_retention": retention}
            )
            buttons = learner_client.get(PAGE, {"card": item.pk}).context["buttons"]
            waits.append(buttons[3].wait)
        assert waits[0] > waits[1]


class TestLeeches:
    def forget(self, client, learner, item, times):
        VocabularyItem.objects.filter(pk=item.pk).update(lapses=times - 1)
        due = timezone.now()
        VocabularyItem.objects.filter(pk=item.pk).update(
            state=2, step=None, stability=5, difficulty=5, last_review=due, due=due
        )
        number = Review.objects.filter(item=item).count()
        return rate(client, item, 1, number=number)

    def test_the_review_that_makes_one_says_so(self, learner_client, learner, item):
        self.forget(learner_client, learner, item, 7)
        assert (
            LEECHES
            not in learner_client.get(PAGE)
            .text.split('id="main"')[1]
            .split("review-header")[0]
        )

        self.forget(learner_client, learner, item, 8)

        page = learner_client.get(PAGE)
        assert "“habitación” has slipped away 8 times" in page.text
        assert f"<a href='{LEECHES}'>" in page.text

    def test_they_are_listed_with_their_sentences(self, learner_client, learner, item):
        for said in ("Una habitación, por favor.", "La habitación es pequeña."):
            review(
                item,
                3,
                client_id=said,
                kind="conversation",
                source_id=said,
                evidence=said,
            )
        introduce(learner, "mesa")
        VocabularyItem.objects.filter(pk=item.pk).update(lapses=8)

        page = learner_client.get(LEECHES)

        [found] = page.context["page"]
        assert found.sentences == [
            "Quiero una habitación con baño.",
            "La habitación es pequeña.",
            "Una habitación, por favor.",
        ]
        assert "mesa" not in page.text

    def test_they_are_rewritten_or_suspended_from_there(self, learner_client, item):
        VocabularyItem.objects.update(lapses=9)
        given = {
            "translation": "a room",
            "definition": "",
            "example": "Mi habitación.",
            "next": LEECHES,
        }

        response = learner_client.post(item.get_absolute_url(), given)

        assert response.url == LEECHES
        assert VocabularyItem.objects.get().example == "Mi habitación."
        address = reverse("vocabulary:suspend", args=[item.pk])
        assert learner_client.post(address, {"next": LEECHES}).url == LEECHES
        page = learner_client.get(LEECHES)
        assert "No word has been forgotten often." in page.text

    def test_a_word_without_a_sentence_says_so(self, learner_client, learner):
        introduce(learner, "mesa")
        VocabularyItem.objects.update(lapses=8)

        assert "There is no sentence with it yet." in learner_client.get(LEECHES).text

    @pytest.mark.parametrize("page", ["1", "2", "99", "x", "\x00"])
    def test_they_come_in_pages(self, learner_client, learner, page):
        introduce(learner, *zq(25))
        VocabularyItem.objects.update(lapses=8)

        shown = learner_client.get(LEECHES, {"page": page}).context["page"]

        assert len(shown) in (20, 5)


class TestOthers:
    def test_a_stranger_finds_none_of_it(self, stranger_client, learner_client, item):
        assert answer(stranger_client, item).status_code == 404
        assert stranger_client.get(PAGE, {"card": item.pk}).status_code == 404
        assert rate(stranger_client, item).status_code == 404
        for name in ("suspend", "resume"):
            address = reverse(f"vocabulary:{name}", args=[item.pk])
            assert stranger_client.post(address).status_code == 404
        rate(learner_client, item)
        done = Review.objects.get()
        assert stranger_client.post(UNDO, {"review": done.pk}).status_code == 404
        VocabularyItem.objects.update(lapses=8)
        assert "habitación" not in stranger_client.get(LEECHES).text
        assert stranger_client.get(PAGE).context["card"] is None

    def test_a_review_of_a_conversation_is_not_undone_here(self, learner_client, item):
        done, _ = review(item, 3, client_id="t", kind="conversation", source_id="t")

        assert learner_client.post(UNDO, {"review": done.pk}).status_code == 404

    @pytest.mark.parametrize("address", [PAGE, SETTINGS, LEECHES, UNDO, CATCH_UP])
    def test_a_visitor_is_asked_to_sign_in(self, client, db, address):
        assert "/login/" in client.get(address).url

    @pytest.mark.parametrize("count", [1, 50])
    def test_pages_take_the_same_queries_for_any_number(
        self, learner_client, learner, count, django_assert_num_queries
    ):
        due = timezone.now() - timedelta(days=1)
        words = [NewWord(word, "x", f"El {word}.") for word in zq(count)]
        learned(learner, *words, due=due)
        introduce(learner, *(f"y{word}" for word in zq(count)))
        VocabularyItem.objects.update(lapses=8)
        for found in VocabularyItem.objects.exclude(last_review=None):
            found.learner = learner
            review(
                found,
                3,
                client_id=f"{found.pk}",
                kind="conversation",
                source_id="t",
                evidence="Sí.",
                at=due,
            )
        VocabularyItem.objects.update(due=due)
        # session, learner, due, done, learned, new, count of its reviews, undoable
        with django_assert_num_queries(8):
            learner_client.get(PAGE)
        # session, learner, due, done, forecast
        with django_assert_num_queries(5):
            learner_client.get(SETTINGS)
        # session, learner, count, words, sentences
        with django_assert_num_queries(5):
            learner_client.get(LEECHES)
