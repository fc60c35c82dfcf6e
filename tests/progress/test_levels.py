"""Level, percentage, accuracy and status: what the tallies come to."""

import pytest
from django.urls import reverse
from django.utils import timezone

from progress.models import LearningProgress

PAGE = reverse("progress:overview")
TARGET = reverse("progress:target")


def practise(learner, skill="vocabulary", language="es", **tallies):
    LearningProgress.objects.record(
        learner, language, skill, at=timezone.now(), **tallies
    )
    return LearningProgress.objects.get(learner=learner, language=language, skill=skill)


@pytest.mark.parametrize(
    ("words", "level"),
    [
        (0, None),
        (1, 1),
        (499, 1),
        (500, 2),
        (1499, 3),
        (1500, 4),
        (2750, 6),
        (3250, 7),
        (3750, 8),
        (4500, 9),
        (4999, 9),
        (5000, 10),
        (60_000, 10),
    ],
)
def test_the_level_follows_from_known_words(learner, words, level):
    assert practise(learner, words_known=words).level == level


def test_words_forgotten_take_the_level_back(learner):
    assert practise(learner, words_known=500).level == 2
    assert practise(learner, words_known=-1).level == 1


@pytest.mark.parametrize(
    ("words", "target", "percentage"),
    [
        (0, None, None),
        (700, None, None),
        (0, 1, 0),
        (1, 1, 100),
        (4, 2, 0),
        (499, 2, 99),
        (500, 2, 100),
        (60_000, 2, 100),
        (1500, 10, 30),
    ],
)
def test_the_percentage_is_the_way_to_the_target(learner, words, target, percentage):
    practise(learner, words_known=words)
    LearningProgress.objects.aim(learner, "es", "vocabulary", target)

    assert LearningProgress.objects.get().percentage == percentage


@pytest.mark.parametrize(
    ("recalled", "reviews", "accuracy"),
    [(0, 0, None), (0, 1, 0), (2, 3, 66), (199, 200, 99), (5, 5, 100)],
)
def test_accuracy_is_the_share_of_reviews_recalled(
    learner, recalled, reviews, accuracy
):
    row = practise(learner, reviews=reviews, reviews_recalled=recalled)

    assert row.accuracy == accuracy


@pytest.mark.parametrize(
    ("tallies", "target", "status"),
    [
        ({}, None, "not-started"),
        ({"sessions": 1}, None, "in-progress"),
        ({"words_learned": 1}, 1, "in-progress"),
        ({"words_known": 499}, 2, "in-progress"),
        ({"words_known": 500}, 2, "completed"),
        ({"words_known": 4999}, None, "in-progress"),
        ({"words_known": 5000}, None, "mastered"),
        ({"words_known": 5000}, 10, "mastered"),
    ],
)
def test_the_status_says_how_far_it_is(learner, tallies, target, status):
    practise(learner, **tallies)
    LearningProgress.objects.aim(learner, "es", "vocabulary", target)

    assert LearningProgress.objects.get().status == status


def test_before_the_first_study_there_is_no_target(learner, stranger):
    practise(stranger)

    assert not LearningProgress.objects.aim(learner, "es", "vocabulary", 3)
    assert LearningProgress.objects.get().target_level is None


class TestPage:
    def send(self, client, target="3", **fields):
        sent = {"language": "es", "skill": "vocabulary", "target_level": target}
        return client.post(TARGET, {**sent, **fields})

    def test_a_target_is_set_and_taken_away(self, learner_client, learner):
        practise(learner, words_known=250)

        for target in ("2", ""):
            answer = self.send(learner_client, target)
            assert (answer.status_code, answer.url) == (302, PAGE)
            row = LearningProgress.objects.get()
            page = learner_client.get(PAGE).text
            if target:
                assert (row.target_level, row.percentage) == (2, 50)
                assert "Percent of target" in page
                assert '<option value="2" selected>' in page
            else:
                assert row.target_level is None
                assert "Percent of target" not in page

    def test_no_per_cent_are_shown_too(self, learner_client, learner):
        practise(learner, words_known=1, reviews=3)
        self.send(learner_client, "2")

        (spanish,) = learner_client.get(PAGE).context["languages"]
        assert spanish["headings"][-2:] == ["Percent of target", "Accuracy in percent"]
        assert spanish["rows"][0]["values"][-2:] == [
            ("percentage", 0),
            ("accuracy", 0),
        ]

    @pytest.mark.parametrize(
        "target", ["0", "11", "-1", "3.5", "x", "\x00", "9" * 10_000, "\ud800"]
    )
    def test_what_is_no_level_is_refused(self, learner_client, learner, target):
        practise(learner, words_known=1)
        practise(learner, language="fr", words_known=1)

        answer = self.send(learner_client, target.encode("utf-8", "replace").decode())

        assert answer.status_code == 422
        assert answer.text.count("Select a valid choice") == 1
        assert not LearningProgress.objects.exclude(target_level=None).exists()

    @pytest.mark.parametrize(
        "fields",
        [
            {"language": "fr"},
            {"language": "\x00"},
            {"language": ""},
            {"skill": "conversation"},
            {"skill": "x" * 10_000},
        ],
    )
    def test_a_skill_without_study_or_measure_has_no_target(
        self, learner_client, learner, fields
    ):
        practise(learner)
        practise(learner, skill="conversation", sessions=1)

        assert self.send(learner_client, **fields).status_code == 404

    def test_a_strangers_skill_is_not_found(self, stranger_client, learner):
        practise(learner)

        assert self.send(stranger_client).status_code == 404
        assert LearningProgress.objects.get().target_level is None

    def test_looking_leads_to_the_page(self, learner_client):
        answer = learner_client.get(TARGET)

        assert (answer.status_code, answer.url) == (302, PAGE)

    def test_a_skill_that_nothing_measures_is_not_asked_for_a_target(
        self, learner_client, learner
    ):
        practise(learner, skill="conversation", sessions=1)

        assert TARGET not in learner_client.get(PAGE).text
