from decimal import Decimal

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from conversations.errors import ClientIdTaken, ConversationNotActive
from lingo import sql
from lingo.languages import other_than
from lingo.text import storable
from lingo.writing import first_wins


class ConversationQuerySet(models.QuerySet):
    def for_learner(self, learner):
        return self.filter(learner=learner)

    def latest_first(self):
        return self.order_by("-last_message_at", "-pk")

    def search(self, text):
        """Conversations with `text` in their title or in one of their messages."""
        from conversations.models import ConversationMessage

        said = ConversationMessage.objects.filter(
            learner=OuterRef("learner"), conversation=OuterRef("pk")
        )
        return self.filter(
            Q(title__icontains=text) | Exists(said.filter(content__icontains=text))
        )

    def talked(self, **conditions):
        """Conversations with an answer whose columns meet the conditions."""
        from conversations.models import ConversationMessage

        answers = ConversationMessage.objects.filter(
            learner=OuterRef("learner"),
            conversation=OuterRef("pk"),
            in_reply_to__isnull=False,
            **conditions,
        )
        return self.filter(Exists(answers))

    def with_last_message(self):
        """Annotate `last_message`: the content of the latest message."""
        from conversations.models import ConversationMessage

        said = ConversationMessage.objects.filter(
            learner=OuterRef("learner"), conversation=OuterRef("pk")
        ).order_by("-position")
        return self.annotate(last_message=Subquery(said.values("content")[:1]))


class ConversationManager(models.Manager.from_queryset(ConversationQuerySet)):
    def begin(self, learner, **fields):
        """Create the conversation, or return the one of that id, and whether it is new.

        A scenario's run begins with it, and due words are woven into it. Safe to repeat
        with the same `conversation_id`: the first call's conversation stays as it is.
        Raises ScenarioNotFound where its scenario was deleted meanwhile.
        """
        from conversations import weaving

        conversation = self.model(learner=learner, **fields)

        def create():
            if conversation.scenario:
                type(conversation.scenario).objects.hold(conversation.scenario)
            conversation.save(force_insert=True)
            if conversation.scenario:
                conversation.runs.create(
                    learner=learner,
                    scenario=conversation.scenario,
                    phase=conversation.scenario.phases.first(),
                )
            weaving.choose(conversation)
            return conversation

        def existing():
            mine = self.for_learner(learner)
            return mine.filter(conversation_id=conversation.conversation_id).first()

        made = first_wins(create, existing)
        return made, made is conversation

    def latest_language(self, learner):
        """Return the language that the learner spoke last, else one to learn."""
        latest = self.for_learner(learner).latest_first()
        language = latest.values_list("language", flat=True).first()
        return language or other_than(learner.native_language)

    def save_transcript(self, learner, data):
        """Create or update `learner`'s conversation from a transcript; return it.

        See `transcripts` for the shape and for what is raised.
        """
        from conversations import transcripts

        return transcripts.save(learner, data)


class ConversationMessageQuerySet(models.QuerySet):
    def for_learner(self, learner):
        return self.filter(learner=learner)

    def of(self, conversation):
        """The messages of one conversation, found by learner as well as by key."""
        return self.filter(learner=conversation.learner_id, conversation=conversation)

    def before(self, position, count):
        """The last `count` messages before `position` (None: the end), in order."""
        earlier = self if position is None else self.filter(position__lt=position)
        return list(reversed(earlier.order_by("-position")[:count]))

    def unanswered(self):
        """Learners' messages that no reply answers."""
        return self.filter(~self._answered(), role=self.model.Role.USER)

    def counted(self):
        """Those that count as study: a learner's message does once it is answered."""
        return self.filter(~Q(role=self.model.Role.USER) | self._answered())

    def _answered(self):
        return Exists(
            self.model.objects.filter(
                learner=OuterRef("learner"), in_reply_to=OuterRef("pk")
            )
        )

    def totals(self):
        """Return the sums over these messages: tokens, cost, study_seconds."""
        sums = self.aggregate(
            tokens=Sum("token_count"),
            cost=Sum("estimated_cost"),
            study_seconds=Sum("study_seconds"),
        )
        return {
            "tokens": sums["tokens"] or 0,
            "cost": sums["cost"] or Decimal(0),
            "study_seconds": sums["study_seconds"] or 0,
        }


class ConversationMessageManager(
    models.Manager.from_queryset(ConversationMessageQuerySet)
):
    def append(self, conversation, messages):
        """Save unsaved messages after the last one, in order, and count them.

        In the caller's transaction; whatever the conversation's length, one UPDATE
        and one INSERT (two where `messages` answer each other).
        """
        conversation.claim(messages)
        return self.insert(messages)

    def insert(self, messages):
        """Save messages whose positions the caller has claimed in its transaction.

        An assistant's message right after a learner's is the reply to it, and counts
        for the same date.
        """
        role = self.model.Role
        before = self._waiting_before(messages[0])
        for message in messages:
            if message.role == role.ASSISTANT and before and before.role == role.USER:
                message.in_reply_to = before
            if message.in_reply_to:
                message.study_date = message.in_reply_to.study_date
            before = message
        # A reply is saved after what it answers.
        sql.insert([said for said in messages if not said.in_reply_to])
        replies = [said for said in messages if said.in_reply_to]
        for reply in replies:
            answered = reply.in_reply_to
            reply.in_reply_to = answered  # whose key is known by now
        sql.insert(replies)
        return messages

    def _waiting_before(self, message):
        """Return what the message may answer: the one before it, if that waits."""
        if message.role != self.model.Role.ASSISTANT or message.in_reply_to:
            return None
        waiting = self.of(message.conversation).unanswered()
        return waiting.filter(position=message.position - 1).first()

    def say(self, conversation, content, *, client_id):
        """Save what the learner says; return the message, and whether it is new.

        A repeat gives the message that was saved. Raises ValueError on unstorable
        content, ConversationNotActive, ClientIdTaken where the client_id belongs to
        something else, and ConversationNotFound.
        """
        said = self.model(
            role=self.model.Role.USER, content=storable(content), client_id=client_id
        )
        kept = self.keep(conversation, said)
        return kept, kept is said

    def keep(self, conversation, message, *, then=lambda: None):
        """Save a message with a client_id, and do `then` with it; safe to repeat.

        Returns the message, or the one that was saved before. Raises as `say` does.
        """

        def write():
            if not conversation.claim([message], lambda: conversation.is_active):
                raise ConversationNotActive(conversation)
            self.insert([message])
            then()
            return message

        def existing():
            mine = self.for_learner(conversation.learner_id)
            return mine.filter(client_id=message.client_id).first()

        try:
            kept = first_wins(write, existing)
        except ConversationNotActive:
            # A repeat of what was said before the pause is answered as it was then.
            kept = existing()
            if kept is None:
                raise
        if kept is not message:
            same = (conversation.pk, message.role, message.content)
            if (kept.conversation_id, kept.role, kept.content) != same:
                raise ClientIdTaken(message.client_id)
            conversation.refresh_from_db(fields=conversation.CHANGING)
            kept.conversation = conversation
        return kept


class CorrectionQuerySet(models.QuerySet):
    def for_learner(self, learner):
        return self.filter(learner=learner)

    def of(self, messages):
        """Those of some messages of one learner, in the order of the text."""
        learners = {message.learner_id for message in messages}
        return self.filter(learner__in=learners, message__in=messages).order_by(
            "message", "start"
        )

    def of_conversation(self, conversation):
        """Those of one conversation, each with its message."""
        mine = self.filter(learner=conversation.learner_id)
        return mine.with_messages().filter(message__conversation=conversation)

    def with_messages(self):
        """Each with its message and conversation, which are the same learner's."""
        return self.filter(
            message__learner=F("learner"), message__conversation__learner=F("learner")
        ).select_related("message__conversation")

    def standing(self):
        """Those that staff has not found to be mistaken."""
        Verdict = self.model.Verdict
        return self.exclude(verdict__in=(Verdict.WRONG, Verdict.UNNEEDED))

    def waiting(self):
        """Those that a learner disagrees with, and nobody has judged, oldest first."""
        return self.filter(disputed_at__isnull=False, verdict="").order_by(
            "disputed_at"
        )


class CorrectionManager(models.Manager.from_queryset(CorrectionQuerySet)):
    def record(self, said, candidates):
        """Save a tutor's `Candidate`s for a learner's message: one INSERT, or none."""
        return self.bulk_create(
            [
                self.model(
                    learner_id=said.learner_id,
                    message=said,
                    language=said.conversation.language,
                    created_at=said.created_at,
                    **candidate._asdict(),
                )
                for candidate in candidates
            ]
        )

    def dispute(self, correction):
        """Note that the learner disagrees; again, it stays as it was. One UPDATE."""
        mine = self.filter(
            pk=correction.pk, learner=correction.learner_id, disputed_at=None
        )
        mine.update(disputed_at=timezone.now())
        correction.refresh_from_db(fields=["disputed_at"])
        return correction

    def agree(self, correction):
        """Take the learner's disagreement back, unless it was judged. One UPDATE."""
        mine = self.filter(pk=correction.pk, learner=correction.learner_id, verdict="")
        mine.update(disputed_at=None)
        correction.refresh_from_db(fields=["disputed_at", "verdict"])
        return correction

    def judge(self, corrections, verdict, by):
        """Note what staff thinks of some corrections; return how many: one UPDATE."""
        return corrections.update(
            verdict=verdict, decided_at=timezone.now(), decided_by=by.username
        )


class WovenWordQuerySet(models.QuerySet):
    def of(self, conversation):
        """The words of one conversation, found by learner as well as by key."""
        return self.filter(learner=conversation.learner_id, conversation=conversation)

    def still_open(self):
        """Those neither used nor shown."""
        return self.filter(used_in=None).exclude(help=self.model.Help.SHOWN)


class WovenWordManager(models.Manager.from_queryset(WovenWordQuerySet)):
    def weave(self, conversation, items):
        """Choose these items for a conversation, in the caller's transaction."""
        learner = conversation.learner
        words = [
            self.model(learner=learner, conversation=conversation, item=item)
            for item in items
        ]
        if words:
            self.bulk_create(words)
            conversation.is_woven = True
            mine = type(conversation).objects.for_learner(conversation.learner_id)
            mine.filter(pk=conversation.pk).update(is_woven=True)


class GrammarChartQuerySet(models.QuerySet):
    def of_category(self, category):
        """Those that explain corrections of a category."""
        return self.filter(categories__icontains=f'"{category}"')

    def categories_of(self, language):
        """Return the categories that the charts of a language explain: one query."""
        charts = self.filter(language=language)
        return set().union(*charts.values_list("categories", flat=True))


class GrammarChartManager(models.Manager.from_queryset(GrammarChartQuerySet)):
    def load(self, language, slug, content):
        """Make or update the chart from its `ChartContent`; safe to repeat.

        Return whether it is as its content now; one that staff edited stays theirs.
        """
        fields = {
            "categories": content.categories,
            "title": content.title,
            "nodes": content.nodes(),
        }
        with transaction.atomic():
            chart, is_new = self.select_for_update().get_or_create(
                language=language, slug=slug, defaults=fields
            )
            same = all(getattr(chart, name) == fields[name] for name in fields)
            if is_new or same or chart.is_edited:
                return is_new or same
            for name, value in fields.items():
                setattr(chart, name, value)
            chart.save()
        return True
