"""What staff sees of all learners: figures over rows, each with the list behind it."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, DateField, F, Q, Sum, Window
from django.db.models.functions import RowNumber, Trunc, TruncWeek
from django.utils import timezone

from conversations import checking
from conversations.models import Conversation, ConversationMessage, TutorCall
from conversations.staff_tables import Cell, Scope, Table, beginning, listed
from conversations.week import Week
from lingo.languages import LANGUAGES
from lingo.models import Learner
from progress.models import StudyDay, StudySession
from vocabulary import retention
from vocabulary.models import Review, VocabularyItem

# How many weeks after that of joining the cohorts show.
WEEKS_AFTER = 8
# Which percentiles of a tutor's time to answer are shown.
PERCENTILES = (50, 95)


def active(scope):
    """Return how many learners studied, and how many joined, by step: two queries."""
    days = StudyDay.objects.studied().filter(**scope.where(day="date"))
    studying = _grouped(
        days, Trunc("date", scope.step), Count("learner", distinct=True)
    )
    new = Learner.objects.filter(**_joined(scope))
    zone = scope.staff.zone
    at = Trunc("date_joined", scope.step, output_field=DateField(), tzinfo=zone)
    joining = _grouped(new, at, Count("pk", distinct=True))
    rows = []
    for begin, end in scope.steps():
        part = scope.within(begin, end)
        rows.append(
            [
                Cell(begin),
                Cell(studying.get(begin, 0), listed(StudyDay, part.where(day="date"))),
                Cell(joining.get(begin, 0), listed(Learner, _joined(part))),
            ]
        )
    return Table(
        "active",
        "Active learners",
        "Active is who has a study day; new is who joined. With a language, new are "
        "those of them who have studied it by now.",
        (f"{scope.step.capitalize()} from", "Active learners", "New learners"),
        rows,
    )


def recall(scope):
    """Return how well learned words were recalled, beside the prediction: one query."""
    reviews = Review.objects.filter(
        item__learner=F("learner"),
        **scope.where(day="reviewed_on", language="item__language"),
    )
    rows = []
    for found in retention.by_month(reviews):
        month, desired = found["month"], found["desired_retention"]
        next_month = beginning(month + timedelta(days=31), "month")
        part = scope.within(month, next_month - timedelta(days=1))
        part = part._replace(language=found["language"])
        conditions = {
            **part.where(day="reviewed_on", language="item__language"),
            "desired_retention": desired,
            "retention": "counted",
        }
        rows.append(
            [
                Cell(f"{month:%Y-%m}"),
                Cell(LANGUAGES[found["language"]].name),
                Cell(desired),
                Cell(found["count"], listed(Review, conditions)),
                Cell(found["recalled"]),
                Cell(found["predicted"]),
            ]
        )
    return Table(
        "recall",
        "Recall",
        "Which share of learned words was recalled on the review page, and which share "
        "FSRS predicted.",
        ("Month", "Language", "Desired", "Reviews", "Recalled", "Predicted"),
        rows,
    )


def talk(scope):
    """Return conversations, sessions and study by language: four queries."""
    begun = scope.where(moment="started_at")
    done = {
        **scope.where(moment="ended_at"),
        "progress_recorded_at__isnull": False,
    }
    studied = scope.where(day="date")
    number_begun = _counts(Conversation, begun)
    number_done = _counts(Conversation, done)
    sessions = StudySession.objects.studied().filter(**studied)
    number_of_sessions = _grouped(sessions, F("language"), Count("pk"))
    sums = StudyDay.objects.filter(**studied).order_by().values_list("language")
    sums = sums.annotate(Count("pk"), Sum("turns"), Sum("study_seconds"))
    tallies = {language: tally for language, *tally in sums}
    rows = []
    for code in scope.languages:
        days, turns, seconds = tallies.get(code, (0, 0, 0))
        of = {"language__exact": code}
        shown = listed(StudyDay, {**studied, **of})
        rows.append(
            [
                Cell(LANGUAGES[code].name),
                Cell(number_begun.get(code, 0), listed(Conversation, {**begun, **of})),
                Cell(number_done.get(code, 0), listed(Conversation, {**done, **of})),
                Cell(
                    number_of_sessions.get(code, 0),
                    listed(StudySession, {**studied, **of, "studied": "yes"}),
                ),
                Cell(days, shown),
                Cell(turns, shown),
                Cell(seconds // 60, shown),
            ]
        )
    return Table(
        "talk",
        "Talk and study",
        "Completed are those that ended in the period, whenever they began. A day on "
        "which a conversation was only completed is a study day too. Sessions are of "
        "talk, scenarios and reviews; those that began in the period count.",
        (
            "Language",
            "Begun",
            "Completed",
            "Sessions",
            "Study days",
            "Turns",
            "Minutes",
        ),
        rows,
    )


def words(scope):
    """Return words introduced, reviewed and known by language: three queries."""
    introduced = scope.where(day="introduced_on")
    reviewed = {
        **scope.where(day="reviewed_on", language="item__language"),
        "undone_at__isnull": True,
    }
    known = {
        **scope.where(),
        "state__exact": VocabularyItem.State.REVIEW.value,
        "stability__gte": VocabularyItem.KNOWN_DAYS,
        "is_suspended__exact": 0,
    }
    columns = (
        (VocabularyItem, introduced, "language"),
        (Review, reviewed, "item__language"),
        (VocabularyItem, known, "language"),
    )
    counts = [_counts(*column) for column in columns]
    return Table(
        "words",
        "Words",
        f"Known are words whose memory is stable for {VocabularyItem.KNOWN_DAYS} days "
        "or more now, whatever the period.",
        ("Language", "Introduced", "Reviews", "Known now"),
        [
            [
                Cell(LANGUAGES[code].name),
                *(
                    Cell(
                        count.get(code, 0),
                        listed(model, {**conditions, f"{language}__exact": code}),
                    )
                    for count, (model, conditions, language) in zip(
                        counts, columns, strict=True
                    )
                ),
            ]
            for code in scope.languages
        ],
    )


def tutors(scope):
    """Return answers, failures, cost and time by tutor: three queries."""
    within = scope.where(day="study_date", language="conversation__language")
    messages = ConversationMessage.objects.filter(
        conversation__learner=F("learner"), **within
    )
    answers = {"in_reply_to__isnull": False}
    sums = messages.order_by("conversation__tutor").values_list("conversation__tutor")
    sums = sums.annotate(
        Count("in_reply_to"), Sum("token_count"), Sum("estimated_cost")
    )
    waiting = _grouped(messages.unanswered(), F("conversation__tutor"), Count("pk"))
    times = _percentiles(messages.filter(**answers))
    rows = []
    for tutor, answered, tokens, cost in sums:
        of = {**within, "conversation__tutor__exact": tutor}
        every = listed(ConversationMessage, of)
        answering = listed(ConversationMessage, {**of, **answers})
        unanswered = {**of, "role__exact": "user", "replies__isnull": True}
        rows.append(
            [
                Cell(tutor),
                Cell(answered, answering),
                Cell(waiting.get(tutor, 0), listed(ConversationMessage, unanswered)),
                Cell(tokens, every),
                Cell(round(cost, 6), every),
                *(Cell(times.get((tutor, share)), answering) for share in PERCENTILES),
            ]
        )
    return Table(
        "tutors",
        "Tutors",
        "Unanswered are messages that a failed tutor left waiting. Half of the answers "
        "took the median or less, and 95 of 100 the 95th percentile or less.",
        (
            "Tutor",
            "Answered",
            "Unanswered",
            "Tokens",
            "Cost in US dollars",
            "Median in ms",
            "95th percentile in ms",
        ),
        rows,
    )


def models(scope):
    """Return what calls of language models came to, by model: one query."""
    within = scope.where(moment="created_at", language="conversation__language")
    found, failures = defaultdict(Counter), TutorCall.FAILURES
    calls = TutorCall.objects.filter(**within)
    for model, outcome, number, tokens, cost in calls.by_model():
        found[model][outcome] += number
        found[model]["calls"] += number
        found[model]["tokens"] += tokens
        found[model]["cost"] += cost
    rows = []
    for model, sums in sorted(found.items()):
        of = {**within, "model__exact": model}
        every = listed(TutorCall, of)
        rows.append(
            [
                Cell(model),
                Cell(sums["calls"], every),
                *(
                    Cell(
                        sums[outcome],
                        listed(TutorCall, {**of, "outcome__exact": outcome}),
                    )
                    for outcome in ("ok", *failures)
                ),
                Cell(sums["tokens"], every),
                Cell(round(sums["cost"], 6), every),
            ]
        )
    return Table(
        "models",
        "Language models",
        "Each request to a provider counts, also a repeated one. Where a cost is "
        "not known, what was reserved for it counts.",
        (
            "Model",
            "Requests",
            *(TutorCall.Outcome(outcome).label for outcome in ("ok", *failures)),
            "Tokens",
            "Cost in US dollars",
        ),
        rows,
    )


def cohorts(scope):
    """Return which share of those who joined in a week was active after: two queries.

    A learner's weeks are those of the learner's own calendar, from the one of joining.
    """
    joined = Learner.objects.filter(**_joined(scope)).distinct()
    cohort_of, first_week, sizes = {}, {}, Counter()
    for pk, at, zone in joined.values_list("pk", "date_joined", "time_zone"):
        cohort_of[pk] = Week.of(scope.staff.local_date(at)).monday
        first_week[pk] = Week.of(timezone.localdate(at, ZoneInfo(zone))).monday
        sizes[cohort_of[pk]] += 1
    days = StudyDay.objects.studied().filter(
        date__lte=scope.until + timedelta(weeks=WEEKS_AFTER + 1),
        **scope.where(moment="learner__date_joined"),
    )
    weeks = days.order_by().values_list("learner", TruncWeek("date")).distinct()
    # Who joined since the first query is left out.
    seen = ((pk, monday) for pk, monday in weeks.iterator() if pk in first_week)
    active = defaultdict(Counter)
    for pk, monday in seen:
        active[cohort_of[pk]][(monday - first_week[pk]).days // 7] += 1
    today = scope.staff.local_date()
    rows = []
    for monday, size in sorted(sizes.items(), reverse=True):
        part = scope.within(monday, monday + timedelta(days=6))
        row = [Cell(monday), Cell(size, listed(Learner, _joined(part)))]
        for after in range(WEEKS_AFTER + 1):
            week = Week(monday + timedelta(weeks=after))
            if not week.is_over(today):
                row.append(Cell(None))
                continue
            conditions = {
                **part.where(moment="learner__date_joined"),
                "date__gte": week.monday,
                "date__lte": week.sunday,
            }
            share = active[monday][after] / size
            row.append(Cell(share, listed(StudyDay, conditions)))
        rows.append(row)
    return Table(
        "cohorts",
        "Cohorts",
        "Of the learners who joined in a week of the period, the share that studied in "
        "that week (0) and in those after it, once they are over.",
        ("Week from", "Learners", *map(str, range(WEEKS_AFTER + 1))),
        rows,
    )


def corrections(scope):
    """Return how good corrections are, by source; see `checking.quality`."""
    return checking.quality(scope)


TABLES: dict[str, Callable[[Scope], Table]] = {
    table.__name__: table
    for table in (active, recall, talk, words, tutors, models, corrections, cohorts)
}


def _joined(scope):
    """Return the conditions of the learners who joined in the scope."""
    return scope.where(
        moment="date_joined", language="study_days__language", learner=""
    )


def _grouped(rows, by, figure):
    """Return {group: figure} of the rows: one query."""
    return dict(rows.order_by().values_list(by).annotate(figure=figure))


def _counts(model, conditions, by="language"):
    return _grouped(model.objects.filter(**conditions), F(by), Count("pk"))


def _percentiles(answers):
    """Return {(tutor, percent): milliseconds}: the smallest time that so many share.

    Nearest rank: at least `percent` of 100 answers took that time or less. One query
    for all tutors, ordered and counted in the database.
    """
    tutor = F("conversation__tutor")
    ranked = answers.order_by().annotate(
        rank=Window(
            RowNumber(), partition_by=tutor, order_by=F("processing_time_ms").asc()
        ),
        number=Window(Count("pk"), partition_by=tutor),
    )
    wanted = Q()
    for percent in PERCENTILES:  # of whole numbers, divided and rounded up
        wanted |= Q(rank=(F("number") * percent + 99) / 100)
    at_rank = ranked.filter(wanted).values_list(
        "conversation__tutor", "rank", "number", "processing_time_ms"
    )
    return {
        (name, percent): time
        for name, rank, number, time in at_rank
        for percent in PERCENTILES
        if rank == -(-number * percent // 100)
    }
