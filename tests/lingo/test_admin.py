"""The admin, for every model: lists and pages to read, at a constant price."""

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conversations import awarding, checking, lifecycle, weak_point_reviewing
from conversations.models import (
    Conversation,
    ConversationMessage,
    Correction,
    GrammarChart,
    MetObjective,
    TutorCall,
    WovenWord,
)
from conversations.turn_taking import take_turn
from progress.models import Goal, LearningProgress, StudyDay
from tests.factories import ConversationFactory, LearnerFactory, introduce
from tests.scenes import own
from vocabulary.models import (
    Gloss,
    Pronunciation,
    VocabularyItem,
    VocabularyUpload,
    WordMark,
)
from vocabulary.reviewing import review

OURS = [
    model
    for app in ("lingo", "progress", "vocabulary", "conversations")
    for model in apps.get_app_config(app).get_models()
]
EDITABLE = {"GrammarChart", "Learner", "VocabularyItem"}


def name_of(model):
    return model._meta.object_name


def address(model, page, *args):
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)


@pytest.fixture
def fill(scenarios):
    """Return a function that gives every model rows of `count` more learners."""

    def fill(count):
        for _ in range(count):
            learner = LearnerFactory()
            own(learner)
            item = introduce(learner, "casa")[0]
            review(item, 3, client_id="1")
            WordMark.objects.create(
                learner=learner, language="es", lemma="ya", mark="known"
            )
            VocabularyUpload.objects.keep(learner, name="a.csv", content=b"secret")
            Gloss.objects.get_or_create(
                language="es",
                native_language="en",
                lemma=f"casa {learner.pk}",
                translation="house",
                source="Lingo",
                licence="MIT",
            )
            GrammarChart.objects.create(
                language="es",
                slug=f"chart-{learner.pk}",
                categories=["tense"],
                title={"en": "Past"},
                nodes=[],
            )
            Pronunciation.objects.keep("es", f"casa {learner.pk}", "ˈkasa", "a program")
            conversation, _ = Conversation.objects.begin(
                learner, language="es", scenario=scenarios["cafe"]
            )
            WovenWord.objects.create(
                learner=learner, conversation=conversation, item=item
            )
            TutorCall.objects.begin(
                TutorCall(
                    learner=learner,
                    conversation=conversation,
                    prompt_version=1,
                    sent=[{"role": "user", "content": "Hola"}],
                )
            )
            said = take_turn(conversation, "Hola, muy mucho.", client_id="a").said
            [correction] = said.corrections.all()
            Correction.objects.dispute(correction)
            by = LearnerFactory()
            checking.check(said, {correction.pk: "right"}, 1, by)
            weak_point_reviewing.review(learner, correction, 1, 3)
            lifecycle.move(conversation, "completed")
            StudyDay.objects.record(learner, "fr", timezone.now().date(), turns=1)
            Goal.objects.begin(learner, 20, kind="reviews", period="week")
            awarding.award(learner)

    return fill


@pytest.fixture
def filled(fill):
    """A row, at least, of every model."""
    fill(1)
    return {name_of(model): model.objects.first() for model in OURS}


def test_lists_take_the_same_queries_for_any_number_of_rows(staff_client, fill):
    def queries(model):
        with CaptureQueriesContext(connection) as taken:
            answer = staff_client.get(address(model, "changelist"))
        assert answer.status_code == 200, model
        return len(taken)

    fill(1)
    one = {name_of(model): queries(model) for model in OURS}
    fill(10)
    many = {name_of(model): queries(model) for model in OURS}

    assert not {name for name in one if many[name] > one[name]}


def test_every_row_has_its_page(staff_client, filled):
    for name, row in filled.items():
        answer = staff_client.get(address(row, "change", row.pk))

        assert answer.status_code == 200, name
        assert "secret" not in answer.text, name
        assert "style=" not in answer.text.split("<main", 1)[-1], name


@pytest.mark.usefixtures("filled")
def test_lists_can_be_searched_for_anything(staff_client):
    for model in OURS:
        for text in ("ca", "ñandú", "1", "x' OR 1=1"):
            answer = staff_client.get(address(model, "changelist"), {"q": text})
            assert answer.status_code == 200, (model, text)


def test_history_is_neither_added_nor_changed_by_hand(staff_client, filled):
    added = {
        name
        for name, row in filled.items()
        if staff_client.get(address(row, "add")).status_code != 403
    }
    changed = {
        name
        for name, row in filled.items()
        if staff_client.post(address(row, "change", row.pk), {}).status_code != 403
    }

    assert (added, changed) == ({"Learner"}, EDITABLE)


@pytest.mark.parametrize("model", [ConversationMessage, StudyDay, MetObjective])
def test_history_is_not_deleted_by_hand(staff_client, fill, model):
    fill(1)
    pk = model.objects.first().pk

    assert staff_client.post(address(model, "delete", pk)).status_code == 403


def test_the_transcript_is_readable_on_the_conversations_page(staff_client, learner):
    conversation = ConversationFactory(learner=learner, turns=1)
    ConversationMessage.objects.filter(position=1).update(content="<b>Hola</b>")

    page = staff_client.get(address(Conversation, "change", conversation.pk))

    text = page.content.decode()
    assert "&lt;b&gt;Hola&lt;/b&gt;" in text
    assert 'lang="es"' in text
    messages = address(ConversationMessage, "changelist")
    link = f"{messages}?conversation__id__exact={conversation.pk}"
    assert link in text
    assert staff_client.get(link).status_code == 200


def test_unanswered_messages_are_counted(staff_client, learner, tutor):
    conversation = ConversationFactory(learner=learner, turns=2)
    ConversationMessage.objects.filter(position=4).delete()

    page = staff_client.get(address(Conversation, "changelist"))

    assert b'<td class="field-unanswered">1</td>' in page.content
    assert conversation.title in page.content.decode()


def test_a_long_message_is_shortened_in_the_list(staff_client, learner):
    ConversationFactory(learner=learner, turns=1)
    ConversationMessage.objects.filter(position=1).update(content="x" * 200)

    page = staff_client.get(address(ConversationMessage, "changelist"))

    assert "x" * 80 + "…" in page.content.decode()


@pytest.mark.parametrize("bulk", [True, False])
def test_deleting_a_conversation_takes_its_progress_back(staff_client, learner, bulk):
    conversation = ConversationFactory(learner=learner, turns=1)
    lifecycle.move(conversation, "completed")

    if bulk:
        path = address(Conversation, "changelist")
        data = {"action": "delete_selected", "_selected_action": [conversation.pk]}
    else:
        path, data = address(Conversation, "delete", conversation.pk), {}
    assert staff_client.post(path, data).status_code == 200
    staff_client.post(path, {**data, "post": "yes"})

    assert not Conversation.objects.exists()
    progress = LearningProgress.objects.get(skill="conversation")
    assert progress.conversations_completed == 0


@pytest.mark.parametrize("bulk", [True, False])
def test_deleting_a_word_takes_its_count_back(staff_client, learner, bulk):
    item = introduce(learner, "casa")[0]
    StudyDay.objects.record(learner, "es", item.introduced_on, words=1)

    if bulk:
        path = address(VocabularyItem, "changelist")
        data = {"action": "delete_selected", "_selected_action": [item.pk]}
    else:
        path, data = address(VocabularyItem, "delete", item.pk), {}
    staff_client.post(path, {**data, "post": "yes"})

    assert not VocabularyItem.objects.exists()
    assert StudyDay.objects.get().words == 0


@pytest.mark.parametrize(
    ("action", "status"),
    [("pause", "paused"), ("complete", "completed"), ("archive", "archived")],
)
def test_conversations_are_moved_by_the_same_rules(
    staff_client, learner, action, status
):
    fine, done = ConversationFactory.create_batch(2, learner=learner)
    lifecycle.move(done, "archived")
    data = {"action": action, "_selected_action": [fine.pk, done.pk]}

    page = staff_client.post(address(Conversation, "changelist"), data, follow=True)

    fine.refresh_from_db()
    assert fine.status == status
    if status != "archived":
        assert "archived can’t become" in page.content.decode().replace("&#x27;", "’")


def test_staff_mends_a_words_texts_but_not_its_memory(staff_client, learner):
    item = introduce(learner, "casa")[0]
    data = {"translation": "house", "definition": "", "phonetic": "", "example": ""}
    log = {"reviews-TOTAL_FORMS": 0, "reviews-INITIAL_FORMS": 0}

    staff_client.post(
        address(VocabularyItem, "change", item.pk), {**data, **log, "stability": "99"}
    )

    item.refresh_from_db()
    assert (item.translation, item.stability) == ("house", None)


def test_the_admin_is_for_staff_only(learner_client):
    for model in OURS:
        answer = learner_client.get(address(model, "changelist"))
        assert answer.status_code == 302
        assert "/admin/login/" in answer.url


def test_staff_without_permission_sees_nothing(db):
    client = Client()
    client.force_login(LearnerFactory(is_staff=True))

    assert client.get(address(Conversation, "changelist")).status_code == 403
