from decimal import Decimal

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery, Sum

from conversations.errors import ClientIdTaken, ConversationNotActive
from lingo.text import storable
from lingo.writing import first_wins

# Time between two messages counts as study up to this; the learner was away beyond it.
IDLE_SECONDS = 300


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

        A scenario's run begins with it. Safe to repeat with the same
        `conversation_id`: the first call's conversation stays as it is.
        """
        conversation = self.model(learner=learner, **fields)

        def create():
            conversation.save(force_insert=True)
            if conversation.scenario:
                conversation.runs.create(
                    learner=learner,
                    scenario=conversation.scenario,
                    phase=conversation.scenario.phases.first(),
                )
            return conversation

        def existing():
            mine = self.for_learner(learner)
            return mine.filter(conversation_id=conversation.conversation_id).first()

        made = first_wins(create, existing)
        return made, made is conversation

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

        The caller has locked the conversation in its transaction, so positions have
        no gaps and the totals are what the rows add up to. One UPDATE and one INSERT
        (two where `messages` answer each other), whatever the conversation's length.
        """
        with transaction.atomic(savepoint=False):
            self._link_replies(conversation, messages)
            self._place(conversation, messages)
            mine = type(conversation).objects.for_learner(conversation.learner_id)
            mine.filter(pk=conversation.pk).update(
                message_count=conversation.message_count,
                total_tokens=conversation.total_tokens,
                total_cost=conversation.total_cost,
                last_message_at=conversation.last_message_at,
            )
            # A reply is saved after what it answers.
            self.bulk_create([said for said in messages if not said.in_reply_to])
            self.bulk_create([said for said in messages if said.in_reply_to])
        return messages

    def _link_replies(self, conversation, messages):
        """An assistant's message right after a learner's is the reply to it."""
        role = self.model.Role
        before = None
        first = messages[0]
        is_loose = first.role == role.ASSISTANT and not first.in_reply_to
        if is_loose and conversation.message_count:
            waiting = self.of(conversation).unanswered()
            before = waiting.filter(position=conversation.message_count).first()
        for message in messages:
            if message.role == role.ASSISTANT and before and before.role == role.USER:
                message.in_reply_to = before
            before = message

    def _place(self, conversation, messages):
        """Give each message its position and share of study; add it to the totals."""
        learner = conversation.learner
        for message in messages:
            message.learner = learner
            message.conversation = conversation
            message.language = message.language or conversation.language
            asked = message.in_reply_to
            message.study_date = (
                asked.study_date if asked else learner.local_date(message.created_at)
            )
            if conversation.message_count:
                gap = message.created_at - conversation.last_message_at
                message.study_seconds = max(
                    0, min(IDLE_SECONDS, round(gap.total_seconds()))
                )
            conversation.message_count += 1
            message.position = conversation.message_count
            conversation.total_tokens += message.token_count
            conversation.total_cost += message.estimated_cost
            conversation.last_message_at = max(
                conversation.last_message_at, message.created_at
            )

    def say(self, conversation, content, *, client_id):
        """Save what the learner says; return the message, the same for a repeat.

        Raises ValueError on unstorable content, ConversationNotActive, ClientIdTaken
        where the client_id belongs to something else, and ConversationNotFound.
        """
        said = self.model(
            role=self.model.Role.USER, content=storable(content), client_id=client_id
        )
        return self.keep(conversation, said)

    def keep(self, conversation, message, *, then=lambda: None):
        """Save a message with a client_id, and do `then` with it; safe to repeat.

        Returns the message, or the one that was saved before. Raises as `say` does.
        """

        def write():
            conversation.lock()
            if not conversation.is_active:
                raise ConversationNotActive(conversation)
            self.append(conversation, [message])
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
            conversation.refresh_from_db(fields=["message_count"])
            kept.conversation = conversation
        return kept

    def answer(self, conversation, said, reply, *, vocabulary, at):
        """Save the tutor's reply to `said` (None: it opens the talk); return it.

        `vocabulary` is what of the reply's words was new. The caller has locked the
        conversation. Raises IntegrityError where `said` is answered already: a message
        is answered at most once.
        """
        answer = self.model(
            role=self.model.Role.ASSISTANT,
            content=storable(reply.content),
            parts=reply.parts,
            vocabulary=vocabulary,
            cue=reply.cue,
            in_reply_to=said,
            token_count=reply.usage.tokens,
            estimated_cost=reply.usage.cost,
            processing_time_ms=reply.usage.processing_time_ms,
            created_at=at,
        )
        self.append(conversation, [answer])
        return answer


class ScenarioManager(models.Manager):
    def load(self, slug, content):
        """Make or update the scenario from its `ScenarioContent`; safe to repeat.

        A phase or an objective that is no longer in the content goes, unless a
        learner's conversation was there: that is history, and stays.
        """
        from conversations.models import Objective

        texts = content.model_dump(exclude={"phase", "word"})
        with transaction.atomic():
            scenario, _ = self.update_or_create(
                slug=slug,
                defaults={**texts, "words": content.word},
            )
            for position, phase in enumerate(content.phase, start=1):
                row, _ = scenario.phases.update_or_create(
                    slug=phase.slug,
                    defaults={"position": position, "title": phase.title},
                )
                for place, objective in enumerate(phase.objective, start=1):
                    row.objectives.update_or_create(
                        slug=objective.slug,
                        defaults={
                            "position": place,
                            "title": objective.title,
                            "prompt": objective.prompt(),
                            "is_retired": False,
                        },
                    )
                here = {objective.slug for objective in phase.objective}
                row.objectives.exclude(slug__in=here).update(is_retired=True)
            here = {phase.slug for phase in content.phase}
            for phase in scenario.phases.exclude(slug__in=here):
                phase.objectives.update(is_retired=True)
            retired = Objective.objects.filter(
                phase__scenario=scenario, is_retired=True
            )
            retired.filter(metobjective=None).delete()
            scenario.phases.filter(objectives=None, scenariorun=None).delete()
        return scenario
