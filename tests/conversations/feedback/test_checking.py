"""How good corrections are: disagreement judged, and messages drawn and read."""

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conversations import checking
from conversations.models import ConversationMessage, Correction, MessageCheck
from conversations.turn_taking import take_turn
from tests.factories import ConversationFactory, LearnerFactory
from tests.racing import at_once

WRONG = "Yo soy 20 años y la problema es dificil."
QUEUE = reverse("admin:conversations_correction_changelist")
CHECK = reverse("staff:check-message")
ANALYTICS = reverse("staff:analytics")


@pytest.fixture
def corrected(conversation):
    return take_turn(conversation, WRONG, client_id="a").said


def pks(message):
    return list(message.corrections.order_by("start").values_list("pk", flat=True))


def staff_with(*permissions):
    staff = LearnerFactory(is_staff=True)
    for name in permissions:
        staff.user_permissions.add(Permission.objects.get(codename=name))
    client = Client()
    client.force_login(staff)
    return client


class TestQueue:
    def test_it_has_what_learners_disagree_with(self, staff_client, corrected):
        first, second, third = corrected.corrections.order_by("start")
        Correction.objects.dispute(first)
        Correction.objects.dispute(second)
        judged = Correction.objects.filter(pk=second.pk)
        Correction.objects.judge(judged, "right", LearnerFactory())

        def shown(**query):
            page = staff_client.get(QUEUE, query)
            return {one.pk for one in page.context["cl"].queryset}

        assert shown(disagreement="waiting") == {first.pk}
        assert shown(disagreement="decided") == {second.pk}
        assert shown(disagreement="any") == {first.pk, second.pk}
        assert shown() == {first.pk, second.pk, third.pk}

    def test_who_waits_longest_comes_first(self, staff_client, corrected):
        *_, last = corrected.corrections.order_by("start")
        waiting = [last, *corrected.corrections.exclude(pk=last.pk)]
        for correction in waiting:
            Correction.objects.dispute(correction)

        page = staff_client.get(QUEUE, {"disagreement": "waiting"})

        shown = [one.pk for one in page.context["cl"].result_list]
        assert shown == [one.pk for one in waiting]

    @pytest.mark.parametrize(
        ("action", "verdict"),
        [
            ("reject", "right"),
            ("accept_wrong", "wrong"),
            ("accept_unneeded", "unneeded"),
        ],
    )
    def test_it_takes_a_verdict(self, staff_client, corrected, action, verdict):
        correction = corrected.corrections.first()
        Correction.objects.dispute(correction)
        sent = {"action": action, "_selected_action": [correction.pk]}

        page = staff_client.post(QUEUE, sent, follow=True)

        correction.refresh_from_db()
        assert correction.verdict == verdict
        assert correction.decided_by == page.wsgi_request.user.username
        assert ": 1." in page.text

    def test_who_may_only_look_judges_nothing(self, corrected):
        client = staff_with("view_correction")
        correction = corrected.corrections.first()
        sent = {"action": "reject", "_selected_action": [correction.pk]}

        client.post(QUEUE, sent)

        correction.refresh_from_db()
        assert correction.verdict == ""

    def test_the_index_leads_to_it(self, staff_client):
        index = staff_client.get(reverse("admin:index")).text
        assert f'href="{QUEUE}?disagreement=waiting"' in index
        assert f'href="{CHECK}"' in index


class TestDrawing:
    def test_only_learners_answered_and_unchecked_messages_are_drawn(
        self, conversation
    ):
        assert checking.draw() is None
        said = take_turn(conversation, "Hola.", client_id="a").said
        elsewhere = ConversationMessage(role="user", content="¿Y?", client_id="b")
        ConversationMessage.objects.keep(conversation, elsewhere)

        assert {checking.draw() for _ in range(9)} == {said}
        assert checking.draw("fr") is None
        assert checking.draw("es") == said

        checking.check(said, {}, 0, LearnerFactory())
        assert checking.draw() is None

    def test_every_message_is_drawn_at_times(self, conversation):
        said = {
            take_turn(conversation, "Hola.", client_id=f"{n}").said for n in range(4)
        }
        assert {checking.draw() for _ in range(200)} == said


class TestChecking:
    def page(self, client, **sent):
        return client.post(CHECK, sent)

    def test_a_message_is_shown_with_its_corrections(self, staff_client, corrected):
        page = staff_client.get(CHECK)

        assert WRONG in page.text
        assert page.text.count('type="radio"') == 9
        assert "style=" not in page.text.split("<main", 1)[-1]

    def test_without_any_message_it_says_so(self, staff_client):
        assert "no answered message" in staff_client.get(CHECK).text

    def test_verdicts_and_missed_errors_are_saved(self, staff_client, corrected):
        first, second, third = pks(corrected)
        sent = {
            "message": corrected.pk,
            f"correction-{first}": "right",
            f"correction-{second}": "wrong",
            f"correction-{third}": "right",
            "missed": 2,
        }

        assert self.page(staff_client, **sent).url == CHECK

        found = corrected.corrections.order_by("start")
        assert [one.verdict for one in found] == ["right", "wrong", "right"]
        made = MessageCheck.objects.get()
        assert (made.missed, made.message, made.language) == (2, corrected, "es")
        assert made.said_at == corrected.created_at
        assert str(made) == "2 missed"

    def test_who_comes_second_changes_nothing(self, staff_client, corrected):
        verdicts = dict.fromkeys(pks(corrected), "right")
        assert checking.check(corrected, verdicts, 1, LearnerFactory())
        sent = {f"correction-{pk}": "wrong" for pk in verdicts}

        page = staff_client.post(
            CHECK, {"message": corrected.pk, "missed": 0, **sent}, follow=True
        )

        assert "Somebody else has checked that message." in page.text
        assert {one.verdict for one in corrected.corrections.all()} == {"right"}
        assert MessageCheck.objects.get().missed == 1

    @pytest.mark.parametrize(
        "wrong", [{"missed": -1}, {"missed": ""}, {"missed": "9" * 50}, {}]
    )
    def test_what_makes_no_sense_is_refused(self, staff_client, corrected, wrong):
        verdicts = {f"correction-{pk}": "right" for pk in pks(corrected)}
        verdicts |= {} if wrong else dict.fromkeys(verdicts, "maybe")
        sent = {"message": corrected.pk, "missed": 0, **verdicts, **wrong}

        page = self.page(staff_client, **sent)

        assert page.status_code == 422
        assert WRONG in page.text
        assert not MessageCheck.objects.exists()

    @pytest.mark.parametrize("key", ["", "x", "0", "9" * 40, "\x00"])
    def test_a_message_that_is_not_there_is_not_found(self, staff_client, key):
        assert self.page(staff_client, message=key).status_code == 404

    def test_corrections_that_changed_meanwhile_are_told(
        self, staff_client, corrected, monkeypatch
    ):
        verdicts = {f"correction-{pk}": "right" for pk in pks(corrected)}
        checked = checking.check

        def check(message, verdicts, missed, by):
            message.corrections.first().delete()
            return checked(message, verdicts, missed, by)

        monkeypatch.setattr(checking, "check", check)

        page = self.page(staff_client, message=corrected.pk, missed=0, **verdicts)

        assert page.status_code == 422
        assert "The verdicts are of other corrections." in page.text
        assert not MessageCheck.objects.exists()

    def test_it_is_for_staff_who_may_see_and_judge(self, learner_client, corrected):
        assert "login" in learner_client.get(CHECK).url
        assert staff_with("view_conversation").get(CHECK).status_code == 403
        assert staff_with("change_correction").get(CHECK).status_code == 403
        both = staff_with("view_conversation", "change_correction")
        assert both.get(CHECK).status_code == 200

    def test_a_message_is_checked_once(self, corrected):
        checking.check(
            corrected, dict.fromkeys(pks(corrected), "right"), 1, LearnerFactory()
        )
        again = MessageCheck.objects.get()
        again.pk = None

        with pytest.raises(IntegrityError), transaction.atomic():
            again.save(force_insert=True)


class TestQuality:
    def table(self, client, **query):
        tables = client.get(ANALYTICS, query).context["tables"]
        [table] = [table for table in tables if table.name == "corrections"]
        return {
            str(row[0]): dict(zip(table.columns[1:], map(str, row[1:]), strict=True))
            for row in table.rows
        }

    def test_rates_come_from_the_messages_that_were_drawn(
        self, staff_client, conversation, corrected
    ):
        rule, agreement, spelling = pks(corrected)
        verdicts = {rule: "right", agreement: "wrong", spelling: "unneeded"}
        checking.check(corrected, verdicts, 2, LearnerFactory())
        other = take_turn(conversation, "Me gusta muy mucho.", client_id="b").said
        checking.check(other, {pks(other)[0]: "right"}, 0, LearnerFactory())
        unread = take_turn(conversation, WRONG, client_id="c").said
        Correction.objects.dispute(unread.corrections.get(source="rule"))
        Correction.objects.judge(unread.corrections.all(), "wrong", LearnerFactory())

        table = self.table(staff_client)

        assert table["Rule"] == {
            "Corrections": "3",
            "Disputed": "1",
            "Dispute accepted": "1",
            "Dispute rejected": "0",
            "Checked": "2",
            "Hit": "100.0%",
            "Wrong": "0.0%",
            "Unneeded": "0.0%",
            "Messages checked": "–",
            "Missed": "60.0%",
        }
        assert table["Agreement"]["Wrong"] == table["Spelling"]["Unneeded"] == "100.0%"
        # Of the errors that were found rightly (2), wrongly (1) and not at all (2).
        assert table["All sources"]["Messages checked"] == "2"
        assert table["All sources"]["Missed"] == "40.0%"
        assert table["Agreement"]["Missed"] == "80.0%"
        assert table["Spelling"]["Missed"] == "100.0%"

    def test_without_checks_nothing_is_claimed(self, staff_client, corrected):
        table = self.table(staff_client)

        assert table["Rule"]["Hit"] == "–"
        assert "All sources" not in table

    def test_checked_messages_without_errors_missed_none_of_none(
        self, staff_client, conversation
    ):
        said = take_turn(conversation, "Hola.", client_id="a").said
        checking.check(said, {}, 0, LearnerFactory())

        assert self.table(staff_client)["All sources"]["Missed"] == "–"

    def test_it_is_of_the_languages_and_the_period(self, staff_client, corrected):
        assert self.table(staff_client, language="es")
        assert not self.table(staff_client, language="fr")
        assert not self.table(staff_client, native_language="fr")
        assert not self.table(staff_client, until="2020-01-31", since="2020-01-01")

    def test_every_figure_leads_to_its_rows(self, staff_client, corrected):
        Correction.objects.dispute(corrected.corrections.first())
        verdicts = dict.fromkeys(pks(corrected), "right")
        checking.check(corrected, verdicts, 2, LearnerFactory())
        query = {"language": "es", "native_language": "en"}
        tables = staff_client.get(ANALYTICS, query).context["tables"]
        cells = [
            cell
            for table in tables
            if table.name == "corrections"
            for row in table.rows
            for cell in row
            if cell.url
        ]

        assert len(cells) == 3 * 5 + 1
        for cell in cells:
            page = staff_client.get(cell.url)
            assert page.status_code == 200
            assert page.context["cl"].result_count == cell.value

    def test_it_takes_the_same_queries_for_any_number(self, staff_client):
        def fill(count):
            for _ in range(count):
                conversation = ConversationFactory()
                said = take_turn(conversation, WRONG, client_id="a").said
                verdicts = dict.fromkeys(pks(said), "right")
                checking.check(said, verdicts, 2, LearnerFactory())

        counts = []
        for more in (1, 9):
            fill(more)
            with CaptureQueriesContext(connection) as captured:
                staff_client.get(ANALYTICS)
            counts.append(len(captured))
        assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_two_who_check_the_same_message_at_once_count_as_one():
    said = take_turn(ConversationFactory(), WRONG, client_id="a").said
    verdicts = dict.fromkeys(pks(said), "right")
    by = LearnerFactory()

    firsts = at_once(*[lambda: checking.check(said, verdicts, 1, by)] * 4)

    assert sorted(firsts) == [False, False, False, True]
    assert MessageCheck.objects.count() == 1
