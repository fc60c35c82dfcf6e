from django_filters import rest_framework as filters

from lingo import languages
from progress.models import Goal, LearningProgress, StudySession


class ProgressFilter(filters.FilterSet):
    language = filters.ChoiceFilter(choices=languages.CHOICES)
    skill = filters.ChoiceFilter(choices=LearningProgress.Skill.choices)


class StudyDayFilter(filters.FilterSet):
    language = filters.ChoiceFilter(choices=languages.CHOICES)
    date_after = filters.DateFilter(field_name="date", lookup_expr="gte")
    date_before = filters.DateFilter(field_name="date", lookup_expr="lte")


class GoalFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=Goal.Kind.choices)
    period = filters.ChoiceFilter(choices=Goal.Period.choices)
    language = filters.ChoiceFilter(choices=languages.CHOICES)
    is_active = filters.BooleanFilter(field_name="ended_on", lookup_expr="isnull")
    date_after = filters.DateFilter(
        method="by_end", label="Held on this day or a later one."
    )
    date_before = filters.DateFilter(
        field_name="started_on", lookup_expr="lte", label="Begun by this day."
    )

    def by_end(self, goals, name, date):
        return goals.since(date)


class StudySessionFilter(filters.FilterSet):
    language = filters.ChoiceFilter(choices=languages.CHOICES)
    kind = filters.ChoiceFilter(choices=StudySession.Kind.choices)
    date_after = filters.DateFilter(field_name="date", lookup_expr="gte")
    date_before = filters.DateFilter(field_name="date", lookup_expr="lte")
