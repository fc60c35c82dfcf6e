"""What a learner's words and reviews make charts of."""

from collections import Counter, defaultdict

from django.db.models import Case, Count, F, Q, Sum, Value, When

from lingo.languages import LANGUAGES
from progress.charts import Column, Data, Evidence, Kind, Place, Source
from vocabulary import planning
from vocabulary.models import Review, VocabularyItem
from vocabulary.retention import counted, timed

State = VocabularyItem.State
HARDEST = 15

# The stages that a word's memory has, from the bottom of the chart to its top.
STAGES = {
    "known": "Known",
    "learning": "Learning",
    "relearning": "Forgotten, learning again",
    "new": "Never reviewed",
}


def word_states(asked):
    """How many words were in which stage at the end of each step: two queries.

    Computed from the log: each standing review found a memory and left another, so it
    moved its word from a stage to a stage, and the moves by day add up to the history.
    When a word was suspended isn't kept, so it counts by its memory.
    """
    period, changes = asked.period, defaultdict(Counter)
    for date, stage, count in [*_introduced(asked), *_moved(asked)]:
        changes[period.start_of(max(date, period.start))][stage] += count
    rows, words = [], Counter()
    for date in period.starts:
        words.update(changes[date])
        # A learner who changed the time zone may have reviewed a word "before" it came.
        rows.append((date, *(max(0, words[stage]) for stage in STAGES)))
    return Data(
        about=(
            f"Words at the end of each {asked.step}. Known is a word whose memory is "
            f"stable for {VocabularyItem.KNOWN_DAYS} days."
        ),
        kind=Kind.BARS,
        columns=[asked.axis, *(Column(*stage) for stage in STAGES.items())],
        rows=rows,
        unit="Words",
    )


def _introduced(asked):
    items = asked.narrowed(VocabularyItem.objects).filter(
        introduced_on__lte=asked.today
    )
    counts = items.order_by().values_list("introduced_on").annotate(Count("pk"))
    return [(date, "new", count) for date, count in counts]


def _moved(asked):
    """Yield (date, stage, by how many it changed) for what reviews found and left."""
    moves = _reviews(asked).filter(reviewed_on__lte=asked.today).order_by()
    moves = moves.annotate(found=_stage("before"), left=_stage("after"))
    moves = moves.exclude(found=F("left"))
    for date, found, left, count in moves.values_list(
        "reviewed_on", "found", "left"
    ).annotate(Count("pk")):
        yield date, found, -count
        yield date, left, count


def _stage(memory):
    """The stage of a review's memory, "before" or "after", in the database."""
    state = f"{memory}__state"
    is_known = {state: State.REVIEW}
    is_known[f"{memory}__stability__gte"] = VocabularyItem.KNOWN_DAYS
    return Case(
        When(**{f"{memory}__last_review": None}, then=Value("new")),
        When(**{state: State.RELEARNING}, then=Value("relearning")),
        When(**is_known, then=Value("known")),
        default=Value("learning"),
    )


def forecast(asked):
    """Reviews that fall in the next days, whatever the period."""
    days = planning.forecast(asked.learner, now=asked.now, language=asked.language)
    return Data(
        about=(
            f"Reviews of words already begun that fall in the next {len(days)} days; "
            "what is overdue counts for today."
        ),
        kind=Kind.BARS,
        columns=[Column("date", "Day", "date"), Column("reviews", "Reviews")],
        rows=days,
        unit="Reviews a day",
    )


# What is summed of reviews of learned words.
RECALL = {
    "reviews": Count("pk"),
    "recalled": Count("pk", filter=~Q(rating=Review.Rating.AGAIN)),
    "desired": Sum("desired_retention"),
}


def retention(asked):
    """The share of learned words recalled on cards, by week, beside that desired.

    Words in learning steps are left out, as in `retention.by_month`.
    """
    weeks = _by_week(asked, counted(_reviews(asked)), **RECALL)
    return Data(
        about=(
            "How many percent of the learned words asked on cards were recalled, "
            "beside the share that you desired."
        ),
        kind=Kind.LINES,
        columns=[
            Column("date", "Week from", "date"),
            Column("recalled", "Recalled in percent", places=1),
            Column("desired", "Desired in percent", places=1),
            Column("reviews", "Reviews", is_drawn=False),
        ],
        rows=[
            (
                date,
                _share(sums["recalled"], sums["reviews"], 100),
                _share(sums["desired"], sums["reviews"], 100),
                sums["reviews"],
            )
            for date, sums in weeks
        ],
        unit="Percent",
        reaches=100,
    )


def recall(asked, since):
    """Return {reviews, recalled, desired} from a date on, as `retention` has them."""
    reviews = counted(_reviews(asked)).filter(reviewed_on__gte=since)
    sums = reviews.aggregate(**_named(RECALL))
    number = sums["sum_reviews"]
    return {
        "reviews": number,
        "recalled": _share(sums["sum_recalled"], number, 100),
        "desired": _share(sums["sum_desired"], number, 100),
    }


def pace(asked):
    """How long an answer on the review page took, by week."""
    answers = timed(_reviews(asked))
    weeks = _by_week(asked, answers, reviews=Count("pk"), taken=Sum("duration_ms"))
    return Data(
        about="How long an answer on the review page took, on average.",
        kind=Kind.LINES,
        columns=[
            Column("date", "Week from", "date"),
            Column("seconds", "Seconds an answer", places=1),
            Column("reviews", "Reviews", is_drawn=False),
        ],
        rows=[
            (date, _share(sums["taken"], sums["reviews"], 0.001), sums["reviews"])
            for date, sums in weeks
        ],
    )


def hardest_words(asked):
    """The words most often forgotten once learned, whatever the period: one query."""
    items = asked.narrowed(VocabularyItem.objects).filter(
        lapses__gt=0, is_suspended=False
    )
    hardest = list(items.order_by("-lapses", "stability", "pk")[:HARDEST])
    return Data(
        about="The words most often forgotten after they were learned.",
        kind=Kind.ROWS,
        columns=[
            Column("word", "Word", "text"),
            Column("lapses", "Times forgotten"),
            Column("stability", "Stable for days", places=1, is_drawn=False),
            Column("language", "Language", "text", is_drawn=False),
        ],
        rows=[
            (
                item.word,
                item.lapses,
                item.stability and round(item.stability, 1),
                LANGUAGES[item.language].name,
            )
            for item in hardest
        ],
        places=[Place(item.get_absolute_url(), item.language) for item in hardest],
    )


def _reviews(asked):
    """The learner's standing reviews of words in the language that is asked for."""
    standing = Review.objects.for_learner(asked.learner).standing()
    if not asked.language:
        return standing
    return standing.filter(item__in=asked.narrowed(VocabularyItem.objects).values("pk"))


def _by_week(asked, rows, /, **sums):
    """Return [(first date, {name: sum})] for each week of the period: one query."""
    weeks = asked.weeks
    found = {date: Counter() for date in weeks.starts}
    days = rows.filter(reviewed_on__range=weeks[:2]).order_by()
    for day in days.values("reviewed_on").annotate(**_named(sums)):
        week = found[weeks.start_of(day.pop("reviewed_on"))]
        week.update({name: day[f"sum_{name}"] for name in sums})
    return list(found.items())


def _named(sums):
    return {f"sum_{name}": expression for name, expression in sums.items()}


def _share(part, whole, factor):
    return round(part / whole * factor, 1) if whole else None


CHARTS = {
    "word-states": Source(
        "Words by state", word_states, Evidence("The words", "vocabulary:list")
    ),
    "forecast": Source(
        "Reviews to come",
        forecast,
        Evidence("The words, first due first", "vocabulary:list", {"order": "due"}),
    ),
    "retention": Source(
        "Retention against desired",
        retention,
        Evidence(
            "The reviews", "vocabulary:review-list", {"of": "retention"}, dates="weeks"
        ),
    ),
    "pace": Source(
        "Pace",
        pace,
        Evidence(
            "The reviews", "vocabulary:review-list", {"of": "pace"}, dates="weeks"
        ),
    ),
    "hardest-words": Source("Hardest words", hardest_words),
}
