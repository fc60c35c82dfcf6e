"""Corrections on the pages: as the learner wishes, and with a way to disagree."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from conversations.feedback.candidates import Candidate
from conversations.feedback.showing import around
from conversations.models import Correction
from conversations.turn_taking import take_turn
from tests.factories import LearnerFactory, reply

WRONG = "Yo soy 20 años y la problema es dificil."


@pytest.fixture
def corrected(conversation):
    return take_turn(conversation, WRONG, client_id="a").said


def page(client, conversation):
    response = client.get(conversation.get_absolute_url())
    assert response.status_code == 200
    return response.text


def summary(client, conversation):
    args = [conversation.conversation_id]
    return client.get(reverse("conversations:summary", args=args)).text


def wish(learner, style):
    learner.feedback_style = style
    learner.save()


def dispute_address(correction):
    return reverse("conversations:correction-dispute", args=[correction.pk])


def agree_address(correction):
    return reverse("conversations:correction-agree", args=[correction.pk])


def test_at_once_they_are_under_the_sentence(
    learner_client, conversation, corrected, grammar_charts
):
    text = page(learner_client, conversation)

    assert text.count('class="correction ') == 3
    assert "soy</del>" in text
    assert "tengo</ins>" in text
    assert "Spanish has years where English is so many years old" in text
    assert "Choice of verb" in text
    query = "?language=es&amp;category=verb-choice"
    assert f"{reverse('conversations:grammar-list')}{query}" in text
    assert "category=spelling" not in text  # no chart explains it
    assert '<ins><span class="visually-hidden" lang="en"> better </span>' in text
    assert 'class="diff" lang="es"' in text


def test_category_and_reason_are_in_the_native_language(db, conversation):
    learner = conversation.learner
    learner.native_language = "de"
    learner.save()
    take_turn(conversation, "Me gusta muy mucho.", client_id="a")
    client = Client()
    client.force_login(learner)

    text = page(client, conversation)

    assert '<strong lang="de">Begleiter des Substantivs</strong>' in text
    assert "„Muy“ steht nie" in text


def test_a_hint_comes_first_and_needs_no_script(
    learner_client, learner, conversation, corrected
):
    wish(learner, "hint-first")

    text = page(learner_client, conversation)

    hint, rule, answer = (
        text.index(part)
        for part in ("Choice of verb", "Spanish has years", "tengo</ins>")
    )
    assert hint < rule < answer
    assert text[:rule].count('<details class="hint-first">') == 1
    assert text[rule:answer].count("<summary>Show the answer</summary>") == 1
    # the summary shows all
    assert "hint-first" not in summary(learner_client, conversation)


def test_at_the_end_they_are_on_the_summary_alone(
    learner_client, learner, conversation, corrected
):
    wish(learner, "at-end")

    assert "tengo</ins>" not in page(learner_client, conversation)
    text = summary(learner_client, conversation)
    assert text.count('class="correction ') == 3
    assert "tengo</ins>" in text


def test_only_what_hinders_understanding(learner_client, learner, conversation, tutor):
    wish(learner, "blocking")
    critical = Candidate(
        0, 6, "Asisto", "Ayudo", "word-choice", "critical", "Why.", "rule", 0.9
    )
    minor = Candidate(7, 9, "en", "a", "preposition", "minor", "Why.", "rule", 0.9)
    tutor.reply = lambda: reply(corrections=[critical, minor])
    take_turn(conversation, "Asisto en mi madre.", client_id="a")

    for text in (
        page(learner_client, conversation),
        summary(learner_client, conversation),
    ):
        assert "Ayudo</ins>" in text
        assert text.count('class="correction ') == 1


def test_off_is_off(learner_client, learner, conversation, corrected):
    wish(learner, "off")

    assert 'class="correction ' not in page(learner_client, conversation)
    assert "<h2>Corrections</h2>" not in summary(learner_client, conversation)


def test_without_any_the_summary_says_nothing(learner_client, conversation):
    take_turn(conversation, "Me gusta mucho.", client_id="a")

    assert "<h2>Corrections</h2>" not in summary(learner_client, conversation)


def test_what_is_missing_or_too_much_is_said(learner_client, conversation, tutor):
    insertion = Candidate(4, 4, "", "a ", "preposition", "minor", "In.", "rule", 0.9)
    deletion = Candidate(11, 16, " para", "", "preposition", "minor", "Out", "rule", 1)
    tutor.reply = lambda: reply(corrections=[insertion, deletion])
    take_turn(conversation, "Voy comer y para casa.", client_id="a")

    text = page(learner_client, conversation)

    assert "<ins>" in text
    assert "(left out)" in text
    shown = " ".join(strip_tags(text).split())
    assert "Voy better a comer y para casa." in shown


def test_htmx_gets_them_with_the_turn(learner_client, conversation):
    path = reverse("conversations:turn-create", args=[conversation.conversation_id])
    sent = {"content": WRONG, "client_id": "a"}

    answer = learner_client.post(path, sent, headers={"HX-Request": "true"})

    assert "tengo</ins>" in answer.text
    announced = answer.text.partition("innerHTML:#announcement")[2]
    assert announced.startswith('"><p>3 corrections under your message.</p>')


def test_disagreeing_leads_back_to_the_message(learner_client, conversation, corrected):
    correction = corrected.corrections.first()

    answer = learner_client.post(dispute_address(correction))

    assert answer.url == f"{conversation.get_absolute_url()}#message-1"
    correction.refresh_from_db()
    assert correction.disputed_at
    text = page(learner_client, conversation)
    assert "You disagree. Somebody will look at it." in text
    assert text.count("I disagree<") == 2


def test_disagreeing_on_the_summary_leads_back_there(learner_client, corrected):
    correction = corrected.corrections.first()

    answer = learner_client.post(dispute_address(correction), {"from": "summary"})

    assert answer.url.endswith(f"/summary/#correction-{correction.pk}")


def test_with_htmx_only_the_correction_is_answered(learner_client, corrected):
    correction = corrected.corrections.order_by("start").first()

    answer = learner_client.post(
        dispute_address(correction), headers={"HX-Request": "true"}
    )

    assert answer.text.strip().startswith('<li class="correction ')
    assert "You disagree." in answer.text
    assert "soy</del>" in answer.text


def test_looking_at_the_address_disagrees_with_nothing(
    learner_client, conversation, corrected
):
    correction = corrected.corrections.first()

    answer = learner_client.get(dispute_address(correction))

    assert answer.url.startswith(conversation.get_absolute_url())
    correction.refresh_from_db()
    assert correction.disputed_at is None


def test_disagreeing_can_be_taken_back(learner_client, conversation, corrected):
    correction = corrected.corrections.first()
    learner_client.post(dispute_address(correction))
    assert agree_address(correction) in page(learner_client, conversation)

    answer = learner_client.post(agree_address(correction), {"from": "summary"})

    assert answer.url.endswith(f"/summary/#correction-{correction.pk}")
    correction.refresh_from_db()
    assert correction.disputed_at is None
    assert page(learner_client, conversation).count("I disagree<") == 3


def test_what_was_judged_can_not_be_taken_back(learner_client, corrected):
    correction = corrected.corrections.first()
    Correction.objects.dispute(correction)
    mine = Correction.objects.filter(pk=correction.pk)
    Correction.objects.judge(mine, "right", LearnerFactory())

    answer = learner_client.post(
        agree_address(correction), headers={"HX-Request": "true"}
    )

    assert "the correction stands" in answer.text
    assert agree_address(correction) not in answer.text


def test_a_stranger_cannot_disagree(stranger_client, corrected):
    correction = corrected.corrections.first()

    assert stranger_client.post(dispute_address(correction)).status_code == 404
    assert stranger_client.post(agree_address(correction)).status_code == 404
    correction.refresh_from_db()
    assert correction.disputed_at is None


@pytest.mark.parametrize(
    ("verdict", "disputed", "said"),
    [
        ("right", True, "the correction stands"),
        ("wrong", True, "this correction is withdrawn"),
        ("unneeded", True, "this correction is withdrawn"),
    ],
)
def test_the_verdict_is_told_to_who_disagreed(
    learner_client, conversation, corrected, verdict, disputed, said
):
    correction = corrected.corrections.first()
    Correction.objects.dispute(correction)
    mine = Correction.objects.filter(pk=correction.pk)
    Correction.objects.judge(mine, verdict, LearnerFactory())

    assert said in page(learner_client, conversation)


def test_what_staff_took_back_unasked_is_gone(learner_client, conversation, corrected):
    Correction.objects.judge(corrected.corrections.all(), "unneeded", LearnerFactory())

    assert 'class="correction ' not in page(learner_client, conversation)


@pytest.mark.parametrize("count", [1, 25])
def test_pages_take_the_same_queries_for_any_number(
    learner_client, conversation, count, django_assert_num_queries
):
    for number in range(count):
        take_turn(conversation, WRONG, client_id=f"{number}")

    # session, learner, conversation, messages, unanswered, corrections, charts, items,
    # marks, run, woven words
    with django_assert_num_queries(11):
        page(learner_client, conversation)
    # session, learner, conversation, corrected, corrections, charts, measures, study,
    # said, run, words, reviews
    with django_assert_num_queries(12):
        summary(learner_client, conversation)


def test_around_an_edit_is_its_sentence_and_not_too_much_of_it():
    text = f"Primero. Yo {'muy ' * 20}soy {'tan ' * 20}alto. Luego."
    at = text.index("soy")

    before, after = around(text, at, at + 3)

    assert before == "… " + "muy " * 9
    assert after == " " + "tan " * 9 + "…"
    assert around("Yo soy.", 3, 6) == ("Yo ", ".")
    assert around("Uno. Dos.", 2, 7) == ("Un", "s.")
