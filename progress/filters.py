from django_filters import rest_framework as filters

from lingo import languages
from progress.models import Goal, LearningProgress, StudySession


class ProgressFilter(filters.FilterSet):
    language = filters.ChoiceFilter(choices=languages.CHOICES)
    skill = filters.ChoiceFilter(choices=LearningProgress.Skill.choices)


class StudyDayFilter(filters.FilterSet):
    language = filters.ChoiceFilter(choices=languages.CHOICES)
    date = filters.DateFromToRangeFilter()


class GoalFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=Goal.Kind.choices)
    period = filters.ChoiceFilter(choices=Goal.Period.choices)
    language = filters.ChoiceFilter(choices=languages.CHOICES)
    is_active = filters.BooleanFilter(field_name="ended_on", lookup_expr="isnull")


class StudySessionFilter(filters.FilterSet):
    language = filters.ChoiceFilter(choices=languages.CHOICES)
    kind = filters.ChoiceFilter(choices=StudySession.Kind.choices)
    date = filters.DateFromToRangeFilter()
