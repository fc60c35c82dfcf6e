"""Progress for programs: read-only, since no figure is taken from a caller."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from lingo.api.pagination import Pages
from progress.filters import ProgressFilter, StudyDayFilter, StudySessionFilter
from progress.models import LearningProgress, StudyDay, StudySession
from progress.serializers import (
    ProgressSerializer,
    ProgressSummarySerializer,
    StudyDaySerializer,
    StudySessionSerializer,
)


class StudyDayPages(Pages):
    ordering = ("-date", "language")


class StudySessionPages(Pages):
    ordering = ("-started_at", "-pk")


class ProgressViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """What the learner has done, by language and skill."""

    queryset = LearningProgress.objects.none()
    serializer_class = ProgressSerializer
    filterset_class = ProgressFilter
    ordering_fields = ["language", "skill", "last_activity_at"]
    ordering = ["language", "skill"]

    def get_queryset(self):
        return LearningProgress.objects.for_learner(self.request.user.pk)

    @extend_schema(responses=ProgressSummarySerializer)
    @action(
        detail=False,
        filterset_class=StudyDayFilter,
        filter_backends=viewsets.GenericViewSet.filter_backends[:1],
        pagination_class=None,
    )
    def summary(self, request):
        """Sums over the learner's study days, and the streaks.

        A language narrows all of it, dates the total and the number of study days.
        """
        learner = request.user
        today = learner.local_date()
        days = StudyDay.objects.for_learner(learner)
        wanted = self.filter_queryset(days)
        if language := request.query_params.get("language"):
            days = days.filter(language=language)
        streaks = days.streaks(today)
        came_to = {
            "today": days.filter(date=today).totals(),
            "total": wanted.totals(),
            "study_days": wanted.studied().values("date").distinct().count(),
            "streak": streaks[""].current,
            "streaks": [
                {"language": language, **streak._asdict()}
                for language, streak in streaks.items()
            ],
            "daily_goal": learner.daily_goal,
        }
        return Response(ProgressSummarySerializer(came_to).data)

    @extend_schema(responses=StudyDaySerializer(many=True))
    @action(
        detail=False,
        url_path="study-days",
        filterset_class=StudyDayFilter,
        filter_backends=viewsets.GenericViewSet.filter_backends[:1],
        pagination_class=StudyDayPages,
    )
    def study_days(self, request):
        """The learner's study days, latest first."""
        mine = StudyDay.objects.for_learner(request.user)
        page = self.paginate_queryset(self.filter_queryset(mine))
        return self.get_paginated_response(StudyDaySerializer(page, many=True).data)

    @extend_schema(responses=StudySessionSerializer(many=True))
    @action(
        detail=False,
        filterset_class=StudySessionFilter,
        filter_backends=viewsets.GenericViewSet.filter_backends[:1],
        pagination_class=StudySessionPages,
    )
    def sessions(self, request):
        """The learner's study sessions, latest first."""
        mine = StudySession.objects.for_learner(request.user).studied()
        page = self.paginate_queryset(self.filter_queryset(mine))
        return self.get_paginated_response(StudySessionSerializer(page, many=True).data)
