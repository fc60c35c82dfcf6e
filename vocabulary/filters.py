from django.utils import timezone
from django_filters import rest_framework as filters

from lingo import languages
from vocabulary.models import Review, VocabularyItem


class VocabularyFilter(filters.FilterSet):
    language = filters.ChoiceFilter(choices=languages.CHOICES)
    due = filters.BooleanFilter(method="by_due", label="Due now, or not.")
    state = filters.ChoiceFilter(choices=VocabularyItem.State.choices)
    stage = filters.ChoiceFilter(
        choices=VocabularyItem.Stage.choices,
        method="by_stage",
        label=f"Known: stable for {VocabularyItem.KNOWN_DAYS} days or more.",
    )
    source = filters.ChoiceFilter(choices=VocabularyItem.Source.choices)
    is_suspended = filters.BooleanFilter()
    difficulty_level = filters.RangeFilter()
    search = filters.CharFilter(
        method="by_text", label="In word and translation, without case and accents."
    )

    def by_due(self, items, name, wanted):
        learner = self.request.user
        due = VocabularyItem.objects.for_learner(learner.pk)
        due = due.due(timezone.now(), learner.day_end()).order_by().values("pk")
        return items.filter(pk__in=due) if wanted else items.exclude(pk__in=due)

    def by_text(self, items, name, text):
        return items.matching(text)

    def by_stage(self, items, name, stage):
        return items.in_stage(stage)


class ReviewFilter(filters.FilterSet):
    language = filters.ChoiceFilter(choices=languages.CHOICES, method="by_language")
    kind = filters.ChoiceFilter(choices=Review.Kind.choices)
    date_after = filters.DateFilter(field_name="reviewed_on", lookup_expr="gte")
    date_before = filters.DateFilter(field_name="reviewed_on", lookup_expr="lte")
    is_undone = filters.BooleanFilter(
        field_name="undone_at", lookup_expr="isnull", exclude=True
    )

    def by_language(self, reviews, name, language):
        mine = VocabularyItem.objects.for_learner(self.request.user.pk)
        return reviews.filter(item__in=mine.filter(language=language).values("pk"))
