from django_filters import rest_framework as filters

from lingo import languages
from progress.models import LearningProgress


class ProgressFilter(filters.FilterSet):
    language = filters.ChoiceFilter(choices=languages.CHOICES)
    skill = filters.ChoiceFilter(choices=LearningProgress.Skill.choices)


class StudyDayFilter(filters.FilterSet):
    language = filters.ChoiceFilter(choices=languages.CHOICES)
    date = filters.DateFromToRangeFilter()
