from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When

from conversations.errors import ScenarioNotFound, TooManyScenarios
from lingo.languages import Level
from lingo.text import fold
from lingo.writing import first_wins

# What an own scenario's name begins with, and what that of a published copy.
OWN, SHARED = "own-", "shared-"
# How many scenarios a learner may have.
MOST_OWN = 100


class ScenarioQuerySet(models.QuerySet):
    def current(self):
        """The versions that new conversations play."""
        return self.filter(is_current=True)

    def brief(self):
        """Without the long texts, which only one scenario's own page shows."""
        return self.defer("closing", "phrases", "culture", "search_text")

    def whole(self):
        """With their phases and objectives: two more queries, for any number."""
        return self.prefetch_related("phases__objectives")

    def own(self, learner):
        return self.filter(owner=learner)

    def reachable_by(self, learner):
        """The library's and the learner's own, also former versions."""
        return self.filter(Q(owner=None) | Q(owner=learner))

    def offered_to(self, learner):
        """Those to choose from: the learner's own, and what of the library is told in
        the learner's native language."""
        native = ("", learner.native_language)
        offered = Q(owner=None, native_language__in=native) | Q(owner=learner)
        return self.current().filter(offered)

    def playable_in(self, language):
        return self.filter(language__in=("", language))

    def matching(self, text):
        """Those with the text in title, setting or words, in any case or accent."""
        return self.filter(search_text__contains=fold(text))

    def easiest_first(self):
        """By level, from the lowest on."""
        places = [When(level=level, then=at) for at, level in enumerate(Level)]
        return self.order_by(Case(*places, default=len(places)), "category", "slug")

    def with_finished(self, learner, language=None):
        """Annotate `is_finished`: whether the learner has played any version of it to
        its end, in the target language if one is given."""
        from conversations.models import ScenarioRun

        # An own one's slug is never the library's.
        finished = ScenarioRun.objects.filter(
            learner=learner, scenario__slug=OuterRef("slug"), finished_at__isnull=False
        )
        if language:
            finished = finished.filter(
                conversation__learner=learner, conversation__language=language
            )
        return self.annotate(is_finished=Exists(finished))

    def not_begun(self, learner):
        """Those of which the learner has begun no version."""
        from conversations.models import ScenarioRun

        begun = ScenarioRun.objects.filter(
            learner=learner, scenario__slug=OuterRef("slug")
        )
        return self.filter(~Exists(begun))


class ScenarioManager(models.Manager.from_queryset(ScenarioQuerySet)):
    def load(self, slug, content, owner=None):
        """Make the content's tables the current version of the scenario; return it.

        Where it is that already, nothing changes, so it is safe to repeat. An earlier
        version stays as it is, for those whose conversations play it. `content` is a
        `ScenarioContent` or an `OwnScenario`.
        """
        return self._put(slug, content.tables(), owner)

    def _put(self, slug, tables, owner=None):
        def write():
            mine = self.filter(owner=owner, slug=slug)
            latest = mine.whole().order_by("-version").first()
            if latest and latest.is_current and latest.tables() == tables:
                return latest
            mine.current().update(is_current=False)
            return self._make(
                slug, tables, owner=owner, version=latest.version + 1 if latest else 1
            )

        return first_wins(write)

    def _make(self, slug, tables, **fields):
        from conversations.models import Objective

        texts = {name: tables[name] for name in self.model.CONTENT}
        scenario = self.create(
            slug=slug, **fields, **texts, search_text=_searchable(texts)
        )
        for position, phase in enumerate(tables["phase"], start=1):
            row = scenario.phases.create(
                slug=phase["slug"], position=position, title=phase["title"]
            )
            Objective.objects.bulk_create(
                Objective(phase=row, position=place, **objective)
                for place, objective in enumerate(phase["objective"], start=1)
            )
        return scenario

    def write(self, learner, scenarios):
        """Keep the learner's `OwnScenario`s; return their current versions, in order.

        All or nothing, and safe to repeat. Raises TooManyScenarios where the learner
        would have more than MOST_OWN.
        """

        def write():
            # One after the other: else many changes at once collide again and again.
            learners = get_user_model().objects.filter(pk=learner.pk)
            learners.select_for_update(no_key=True).first()
            own = self.own(learner).current()
            new = {one.name for one in scenarios}
            others = own.exclude(slug__in=new).count()
            if others + len(new) > MOST_OWN:
                raise TooManyScenarios(MOST_OWN)
            return [self.load(one.name, one, owner=learner) for one in scenarios]

        return first_wins(write)

    def publish(self, scenario):
        """Put a copy of an own scenario, as it stands, into the library; return it.

        Publishing it again makes the copy's next version, where it has changed.
        """
        slug = scenario.slug.replace(OWN, SHARED, 1)
        return self._put(f"{slug}-{scenario.owner_id}", scenario.tables())

    def hold(self, scenario):
        """Keep it from being deleted until the commit of the caller's transaction.

        Raises ScenarioNotFound.
        """
        row = self.filter(pk=scenario.pk).select_for_update()
        if scenario.may_vanish and row.first() is None:
            raise ScenarioNotFound

    def withdraw(self, slug, owner=None):
        """Let no new conversation play it; forget the versions that none plays."""

        def write():
            mine = self.filter(owner=owner, slug=slug)
            mine.update(is_current=False)
            self.forget_unplayed(mine)
            return True

        first_wins(write)

    def forget_unplayed(self, scenarios):
        """Delete those of the scenarios that are not current and nobody plays."""
        from conversations.models import Conversation, ScenarioRun

        played = (
            model.objects.filter(scenario=OuterRef("pk"))
            for model in (Conversation, ScenarioRun)
        )
        unplayed = (~Exists(found) for found in played)
        scenarios.filter(*unplayed, is_current=False).delete()


def _searchable(texts):
    words = [word for table in texts["words"] for word in table.values()]
    told = [*texts["title"].values(), *texts["setting"].values()]
    return " ".join(dict.fromkeys(map(fold, [*told, *words])))
