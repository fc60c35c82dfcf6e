"""All of a learner's charts by name, and those that conversations make."""

from django.db.models import Count, Q

from conversations import recurring
from conversations.forms import FREE_SLUG
from conversations.models import Conversation, Scenario
from lingo.languages import in_language
from progress import charts_data
from progress.charts import Column, Data, Evidence, Kind, Place, Source
from vocabulary import charts_data as words_data

FREE = "Free talk"
BEGUN = Evidence("The conversations", "conversations:list", {"status": "all"}, "period")


def scenarios(asked):
    """Conversations begun in the period, by what they play: two queries."""
    begun = asked.narrowed(Conversation.objects).filter(
        started_at__gte=asked.learner.day_start(asked.period.start)
    )
    completed = Count("pk", filter=Q(status=Conversation.Status.COMPLETED))
    counts = list(
        begun.order_by()
        .values_list("scenario__slug")
        .annotate(count=Count("pk"), completed=completed)
        .order_by("-count", "scenario__slug")
    )
    played = {
        # The newest version last: that is the one that is shown.
        scenario.slug: scenario
        for scenario in Scenario.objects.reachable_by(asked.learner)
        .filter(slug__in=[slug for slug, *_ in counts if slug])
        .order_by("slug", "version")
    }
    native = asked.learner.native_language
    return Data(
        about="Conversations begun in this time, by the scene they play.",
        kind=Kind.ROWS,
        columns=[
            Column("scenario", "Scene", "text"),
            Column("conversations", "Conversations"),
            Column("completed", "Completed", is_drawn=False),
        ],
        rows=[
            (in_language(played[slug].title, native) if slug else FREE, count, done)
            for slug, count, done in counts
        ],
        places=[
            Place(_begun(asked, slug), played[slug].told_in(native))
            if slug
            else Place(_begun(asked, FREE_SLUG))
            for slug, *_ in counts
        ],
    )


def _begun(asked, slug):
    """Return where the conversations of the period are that play a scene."""
    return BEGUN._replace(query={**BEGUN.query, "scene": slug}).address(asked)


CHARTS = {
    **charts_data.CHARTS,
    **words_data.CHARTS,
    **recurring.CHARTS,
    "scenarios": Source("Conversations by scene", scenarios, BEGUN),
}


def chart(name, asked):
    """Return the `Chart` of that name. Raises KeyError where there is none."""
    return CHARTS[name].chart(name, asked)


def every(asked):
    return [chart(name, asked) for name in CHARTS]
