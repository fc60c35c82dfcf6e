import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from conversations.errors import ConversationNotFound
from conversations.managers import ConversationManager, ConversationMessageManager
from lingo import languages, sql
from lingo.text import storable


def new_conversation_id():
    return str(uuid.uuid4())


def validate_conversation_id(text):
    """Raise ValidationError on an id that an address can't hold."""
    try:
        storable(text)
    except ValueError as error:
        raise ValidationError(str(error)) from error
    if text != text.strip() or text in ("", ".", ".."):
        raise ValidationError("An id can't be blank, dots, or begin or end in a space.")
    if any(character in "/\\" or not character.isprintable() for character in text):
        raise ValidationError("An id can't have slashes or unprintable characters.")


def validate_goals(goals):
    """Raise ValidationError where the list of texts has too many or too long ones."""
    if len(goals) > 20 or any(len(goal) > 200 for goal in goals):
        raise ValidationError("At most 20 goals of at most 200 characters each.")


class Conversation(models.Model):
    """One talk in one target language."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        PAUSED = "paused"
        COMPLETED = "completed"
        ARCHIVED = "archived"

    class Focus(models.TextChoices):
        CONVERSATION = "conversation"
        GRAMMAR = "grammar"
        VOCABULARY = "vocabulary"
        PRONUNCIATION = "pronunciation"
        READING = "reading"
        WRITING = "writing"

    # The columns that messages and moves change.
    CHANGING = (
        "status",
        "message_count",
        "total_tokens",
        "total_cost",
        "last_message_at",
        "remembered",
        "ended_at",
        "progress_recorded_at",
        "counted_on",
    )

    COUNTED = (
        "message_count",
        "total_tokens",
        "total_cost",
        "last_message_at",
        "remembered",
    )
    AS_READ = ("learner", "id", "status", "message_count", "last_message_at")
    COUNT = """
    UPDATE conversations_conversation SET
        message_count = %s, total_tokens = %s, total_cost = %s, last_message_at = %s,
        remembered = %s
    WHERE learner_id = %s AND id = %s
        AND status = %s AND message_count = %s AND last_message_at = %s
    """

    # Where each state leads; staying is no move and always allowed.
    MOVES = {
        Status.ACTIVE: {Status.PAUSED, Status.COMPLETED, Status.ARCHIVED},
        Status.PAUSED: {Status.ACTIVE, Status.COMPLETED, Status.ARCHIVED},
        Status.COMPLETED: {Status.ARCHIVED},
        Status.ARCHIVED: set(),
    }

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="conversations",
        db_index=False,  # the unique constraint begins with it
    )
    conversation_id = models.CharField(
        max_length=100,
        default=new_conversation_id,
        validators=[validate_conversation_id],
    )
    language = models.CharField(max_length=8, choices=languages.CHOICES)
    title = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=16, choices=Status, default=Status.ACTIVE)
    learning_focus = models.CharField(
        max_length=16, choices=Focus, default=Focus.CONVERSATION
    )
    vocabulary_level = models.CharField(
        max_length=32, choices=languages.Level, default=languages.Level.BEGINNER
    )
    topic = models.CharField(max_length=200, blank=True)
    learning_goals = models.JSONField(
        default=list, blank=True, validators=[validate_goals]
    )
    scenario = models.ForeignKey(
        "conversations.Scenario", on_delete=models.RESTRICT, null=True, blank=True
    )
    tutor = models.CharField(max_length=100, default="guided")
    is_woven = models.BooleanField(
        default=False, help_text="Whether due words were woven into it."
    )
    # What a transcript said of its context and no column here holds (see transcripts).
    carried_context = models.JSONField(default=dict, blank=True)
    # What its tutor keeps in mind of it, by name (see tutors.remembering).
    remembered = models.JSONField(default=dict, blank=True)

    message_count = models.PositiveIntegerField(default=0)
    total_tokens = models.PositiveBigIntegerField(default=0)
    total_cost = models.DecimalField(max_digits=18, decimal_places=6, default=0)

    started_at = models.DateTimeField(default=timezone.now)
    last_message_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    progress_recorded_at = models.DateTimeField(null=True, blank=True)
    # The learner's local date that its completion counts for.
    counted_on = models.DateField(null=True, blank=True)

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "conversation_id"], name="conversation_id_of_learner"
            ),
            models.CheckConstraint(
                condition=Q(status__in=("active", "paused", "completed", "archived")),
                name="conversation_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="completed") | Q(ended_at__isnull=False),
                name="conversation_completed_has_ended",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("active", "paused")) | Q(ended_at=None),
                name="conversation_open_has_not_ended",
            ),
            models.CheckConstraint(
                condition=Q(total_cost__gte=0), name="conversation_cost_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(progress_recorded_at=None, counted_on=None)
                | Q(progress_recorded_at__isnull=False, counted_on__isnull=False),
                name="conversation_progress_counts_for_a_date",
            ),
        ]
        indexes = [
            # The list page, home and the API: one learner's, latest first.
            models.Index(
                fields=["learner", "-last_message_at"], name="conversation_latest_first"
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, **kwargs):
        self.title = self.title or self.topic or self.default_title
        super().save(**kwargs)

    def get_absolute_url(self):
        return reverse("conversations:detail", args=[self.conversation_id])

    @property
    def default_title(self):
        return f"Conversation in {self.get_language_display()}"

    @property
    def is_active(self):
        return self.status == self.Status.ACTIVE

    @property
    def is_open(self):
        """Whether it can still be completed."""
        return self.Status.COMPLETED in self.MOVES[self.status]

    def lock(self):
        """Refresh what changes with every message; locked until the commit.

        Raises ConversationNotFound where it was deleted meanwhile.
        """
        mine = Conversation.objects.for_learner(self.learner_id)
        try:
            self.refresh_from_db(
                fields=self.CHANGING, from_queryset=mine.select_for_update()
            )
        except Conversation.DoesNotExist:
            raise ConversationNotFound("This conversation was deleted.") from None

    def claim(self, messages, is_allowed=lambda: True, remember=None):
        """Reserve the next positions for unsaved messages and count them.

        What there is to `remember` is added to what the tutor keeps in mind.

        One UPDATE, which locks the row until the commit and says whether it still is
        as it was read; where it isn't, it is read again. Returns False, with nothing
        done, where `is_allowed()` is false for what then stands. Raises
        ConversationNotFound.
        """
        if not (is_allowed() and self._count(messages, remember)):
            self.lock()
            if not is_allowed():
                return False
            self._count(messages, remember)
        return True

    def _count(self, messages, remember):
        as_read = sql.values_of(self, self.AS_READ)
        before = self.message_count
        for position, message in enumerate(messages, start=before + 1):
            message.place(self, position)
            self.last_message_at = max(self.last_message_at, message.created_at)
        self.message_count = before + len(messages)
        self.total_tokens += sum(message.token_count for message in messages)
        self.total_cost += sum(message.estimated_cost for message in messages)
        self.remembered = {**self.remembered, **(remember or {})}
        return sql.execute(self.COUNT, sql.values_of(self, self.COUNTED) + as_read)

    def as_transcript(self):
        """Return this conversation in the interchange shape; see `transcripts`."""
        from conversations import transcripts

        return transcripts.dump(self)


class ConversationMessage(models.Model):
    """What one side said: kept once, in order, never changed."""

    IDLE_SECONDS = 300

    class Role(models.TextChoices):
        USER = "user"
        ASSISTANT = "assistant"
        SYSTEM = "system"

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="messages",
        db_index=False,  # the unique constraints begin with it
    )
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    position = models.PositiveIntegerField()
    role = models.CharField(max_length=16, choices=Role)
    content = models.TextField()
    language = models.CharField(max_length=35)
    # Paragraphs of content as [language, text] where more than one language is in it.
    parts = models.JSONField(default=list, blank=True)
    # What this message introduced: [{"word", "lemma", "translation"}].
    vocabulary = models.JSONField(default=list, blank=True)
    # What words mean that it explains without introducing them: the same shape.
    glosses = models.JSONField(default=list, blank=True)
    # What a guided tutor's message asks for; blank where it asks nothing.
    cue = models.CharField(max_length=200, blank=True)
    client_id = models.CharField(max_length=100, null=True, blank=True)
    in_reply_to = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies"
    )
    token_count = models.PositiveIntegerField(default=0)
    estimated_cost = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    processing_time_ms = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    # Study that this message ended, and the learner's local date that it counts for.
    study_seconds = models.PositiveSmallIntegerField(default=0)
    study_date = models.DateField()

    objects = ConversationMessageManager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "conversation", "position"],
                name="message_position_once",
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1), name="message_positions_from_1"
            ),
            models.UniqueConstraint(
                fields=["learner", "client_id"],
                name="message_client_id_once",
                condition=Q(client_id__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["learner", "in_reply_to"],
                name="message_answered_once",
                condition=Q(in_reply_to__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(role__in=("user", "assistant", "system")),
                name="message_role_known",
            ),
            models.CheckConstraint(
                condition=Q(estimated_cost__gte=0), name="message_cost_not_negative"
            ),
        ]
        indexes = [
            # Where a word was met: one learner's messages, newest first.
            models.Index(
                fields=["learner", "-created_at"], name="message_newest_first"
            ),
        ]

    def __str__(self):
        return f"{self.position}. {self.role}: {self.content[:60]}"

    @property
    def is_learners(self):
        return self.role == self.Role.USER

    @property
    def paragraphs(self):
        """What is said, as [language, text] pairs."""
        return self.parts or [[self.language, self.content]]

    @property
    def spoken(self):
        """What is said in the conversation's language, "" where that is nothing."""
        return " ".join(self.texts_in(self.conversation.language))

    def texts_in(self, language):
        """Return the paragraphs in this language; a note is no talk, and has none."""
        if self.role == self.Role.SYSTEM:
            return []
        return [text for code, text in self.paragraphs if code == language]

    def place(self, conversation, position):
        """Make this unsaved message the conversation's next, after its last one.

        The time since the last message counts as study, up to IDLE_SECONDS: beyond
        that the learner was away.
        """
        self.conversation, self.learner = conversation, conversation.learner
        self.position = position
        self.language = self.language or conversation.language
        self.study_date = conversation.learner.local_date(self.created_at)
        if position > 1:
            gap = (self.created_at - conversation.last_message_at).total_seconds()
            self.study_seconds = max(0, min(self.IDLE_SECONDS, round(gap)))
