from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError

from conversations import recurring, tutors
from conversations.feedback.categories import choices_in
from conversations.models import (
    Conversation,
    ConversationMessage,
    Scenario,
    WeakPointReview,
)
from conversations.models.conversation import (
    new_conversation_id,
    validate_conversation_id,
    validate_goals,
)
from conversations.tutors import content
from lingo import languages
from lingo.forms import PeriodFilterForm, StorableField

# The longest message that a learner can send.
MESSAGE_LENGTH = 10_000
# The largest position that a page can be asked for.
LAST_POSITION = 2**31 - 1

# What stands for no scenario where one's slug is asked for.
FREE_SLUG = "-"

Focus, Status = Conversation.Focus, Conversation.Status


class AfterForm(forms.Form):
    """After which position messages are wanted: that of the last one on the page."""

    after = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=LAST_POSITION,
        widget=forms.HiddenInput,
    )


class MessageForm(AfterForm):
    """What the learner says, with the key that makes sending it again harmless."""

    content = StorableField(
        label="Your message",
        max_length=MESSAGE_LENGTH,
        strip=False,
        error_messages={
            "required": "Write something first.",
            "max_length": "A message has at most %(limit_value)d characters; "
            "this one has %(show_value)d.",
        },
        widget=forms.Textarea(attrs={"rows": 1, "enterkeyhint": "send"}),
    )
    client_id = StorableField(max_length=100, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="message-%s", **kwargs)

    def clean_content(self):
        text = self.cleaned_data["content"]
        if not text.strip():
            raise ValidationError("Write something first.", code="required")
        return text


class BeforeForm(forms.Form):
    before = forms.IntegerField(min_value=1, max_value=LAST_POSITION)


class MonthForm(forms.Form):
    month = forms.DateField(required=False, input_formats=["%Y-%m"])


class SeenForm(forms.Form):
    """Where a word was seen: the conversation's id, and the message's position."""

    id = StorableField(max_length=100)
    position = forms.IntegerField(min_value=1, max_value=LAST_POSITION)


class WordForm(forms.Form):
    """What to do with a word."""

    act = forms.ChoiceField(
        choices=[
            ("add", "Add to my vocabulary"),
            ("known", "I know it"),
            ("ignored", "Ignore it"),
            ("forget", "Take the mark away"),
        ]
    )


class ConversationFilterForm(PeriodFilterForm):
    WHEN = {"": "Begun", "talked": "Talked in", "completed": "Completed"}

    q = StorableField(
        label="Search",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        required=False, choices=[("", "All languages"), *languages.CHOICES]
    )
    status = forms.ChoiceField(
        required=False,
        choices=[("", "All but archived"), ("all", "All"), *Status.choices],
    )
    when = forms.ChoiceField(label="Those", required=False, choices=list(WHEN.items()))
    scene = forms.SlugField(required=False, max_length=100, widget=forms.HiddenInput)

    MORE = ("when", "since", "until")

    field_order = ["q", "language", "status", "when", "since", "until"]

    def conversations_of(self, learner):
        """Return the conversations that are wanted, the latest first."""
        wanted = self.wanted()
        found = Conversation.objects.for_learner(learner)
        status = wanted.get("status")
        if not status:
            found = found.exclude(status=Status.ARCHIVED)
        elif status != "all":
            found = found.filter(status=status)
        if "language" in wanted:
            found = found.filter(language=wanted["language"])
        if "scene" in wanted:
            slug = None if wanted["scene"] == FREE_SLUG else wanted["scene"]
            found = found.filter(scenario__slug=slug)
        if "q" in wanted:
            found = found.search(wanted["q"])
        return self._when(found, learner, wanted).latest_first()

    def minutes_of(self, learner, found):
        """Return the minutes of study in the conversations found, of days talked in.

        None where the list isn't of such or of completed ones.
        """
        when = self.wanted().get("when")
        if not when:
            return None
        days = self.between("study_date") if when == "talked" else {}
        messages = ConversationMessage.objects.for_learner(learner).counted()
        of_these = messages.filter(
            conversation__in=found.order_by().values("pk"), **days
        )
        return of_these.totals()["study_seconds"] // 60

    def _when(self, found, learner, wanted):
        match wanted.get("when"):
            case "completed":
                found = found.filter(progress_recorded_at__isnull=False)
                return found.filter(**self.between("counted_on"))
            case "talked":
                return found.talked(**self.between("study_date"))
        if "since" in wanted:
            found = found.filter(started_at__gte=learner.day_start(wanted["since"]))
        if "until" in wanted:
            end = learner.day_start(wanted["until"] + timedelta(days=1))
            found = found.filter(started_at__lt=end)
        return found


class CorrectionFilterForm(PeriodFilterForm):
    """Narrows the list of corrections."""

    language = forms.ChoiceField(
        required=False, choices=[("", "All languages"), *languages.CHOICES]
    )
    category = forms.ChoiceField(required=False)

    field_order = ["language", "category", "since", "until"]

    def __init__(self, *args, learner, **options):
        super().__init__(*args, **options)
        self.learner = learner
        named = choices_in(learner.native_language)
        self.fields["category"].choices = [("", "Any category"), *named]

    def corrections(self):
        """Return the corrections that are wanted, with their messages, latest first."""
        wanted, names = self.wanted(), ("language", "category")
        found = recurring.of(self.learner).with_messages()
        return found.filter(
            **{name: wanted[name] for name in names if name in wanted},
            **self.between("message__study_date"),
        ).order_by("-created_at", "-pk")


class WeakPointReviewFilterForm(CorrectionFilterForm):
    """Narrows the history of reviews of weak points."""

    undone = forms.BooleanField(label="Undone ones too", required=False)

    def reviews(self):
        """Return the reviews that are wanted, the latest first."""
        wanted, names = self.wanted(), ("language", "category")
        found = WeakPointReview.objects.for_learner(self.learner).filter(
            **{f"weak_point__{name}": wanted[name] for name in names if name in wanted},
            **self.between("reviewed_on"),
        )
        found = found if "undone" in wanted else found.standing()
        return found.latest_first()


class ConversationForm(forms.Form):
    """A new conversation; sent twice, it still begins only one."""

    language = forms.ChoiceField(
        label="Language you want to speak",
        choices=languages.CHOICES,
        widget=forms.RadioSelect,
    )
    vocabulary_level = forms.ChoiceField(
        label="Your level", choices=languages.Level.choices
    )
    about = forms.ChoiceField(label="What about?", required=False)
    own_topic = StorableField(
        label="A topic of your own",
        required=False,
        max_length=200,
        help_text="Instead of one from the list.",
    )
    learning_focus = forms.ChoiceField(label="Focus", choices=Focus.choices)
    tutor = forms.ChoiceField(
        required=False,
        help_text="A language model’s provider is sent what you write; each message "
        "shows what was sent.",
    )
    learning_goals = StorableField(
        label="Goals",
        required=False,
        max_length=5000,
        help_text="What you want to be able to say or do. One goal a line.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    conversation_id = StorableField(
        max_length=100,
        validators=[validate_conversation_id],
        widget=forms.HiddenInput,
    )

    def __init__(self, *args, learner, **kwargs):
        super().__init__(*args, **kwargs)
        offered = tutors.on_offer()
        self.fields["tutor"].choices = list(offered.items())
        if len(offered) == 1:
            del self.fields["tutor"]
        native = learner.native_language
        scenarios = Scenario.objects.offered_to(learner).brief().order_by("slug")
        self.topics = {
            f"topic:{slug}": topic.title[native]
            for slug, topic in content.topics().items()
        }
        self.scenarios = {
            f"scenario:{scenario.slug}": scenario for scenario in scenarios
        }
        self.scenario_titles = {
            key: languages.in_language(scenario.title, native)
            for key, scenario in self.scenarios.items()
        }
        self.fields["about"].choices = [
            ("", "Whatever comes up"),
            ("Talk about", list(self.topics.items())),
            ("Play a scene", list(self.scenario_titles.items())),
        ]

    @classmethod
    def initial_for(cls, learner):
        """Return what the learner is likely to want: as the last time, at first."""
        last = Conversation.objects.for_learner(learner).latest_first().first()
        other = languages.other_than(learner.native_language)
        level = last and last.vocabulary_level
        return {
            "language": last.language if last else other,
            "vocabulary_level": level or languages.Level.BEGINNER,
            "learning_focus": last.learning_focus if last else Focus.CONVERSATION,
            "tutor": last.tutor if last else tutors.GUIDED,
            "conversation_id": new_conversation_id(),
        }

    def clean_learning_goals(self):
        lines = self.cleaned_data["learning_goals"].splitlines()
        goals = [line.strip() for line in lines if line.strip()]
        validate_goals(goals)
        return goals

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("about") and cleaned.get("own_topic"):
            self.add_error(
                "own_topic", "Choose from the list or write your own topic, not both."
            )
        scenario = self.scenarios.get(cleaned.get("about"))
        if scenario and scenario.language not in ("", cleaned.get("language")):
            only = scenario.get_language_display()
            self.add_error("about", f"This scene is only in {only}.")
        return cleaned

    def conversation_fields(self):
        """Return what was chosen, as the columns of a conversation."""
        fields = dict(self.cleaned_data)
        about, own_topic = fields.pop("about"), fields.pop("own_topic")
        fields["tutor"] = fields.get("tutor") or tutors.GUIDED
        titles = {**self.topics, **self.scenario_titles}
        return {
            **fields,
            "topic": titles.get(about, own_topic),
            "scenario": self.scenarios.get(about),
        }
