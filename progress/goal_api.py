"""Goals for programs: set, changed and ended; what they come to is computed."""

from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from lingo.api.errors import Conflict
from progress import goals
from progress.errors import GoalEnded
from progress.filters import GoalFilter
from progress.models import Goal, StudyDay
from progress.serializers import (
    ChangedGoalSerializer,
    GoalHistorySerializer,
    GoalSerializer,
    NewGoalSerializer,
    StandingSerializer,
)


class GoalViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """The learner's goals, active and ended ones; the latest first."""

    queryset = Goal.objects.none()
    serializer_class = GoalSerializer
    filterset_class = GoalFilter
    lookup_value_regex = "[0-9]{1,18}"
    ordering_fields = ["started_on"]
    ordering = ["-started_on", "-pk"]

    def get_queryset(self):
        return Goal.objects.for_learner(self.request.user.pk)

    def get_object(self):
        goal = super().get_object()
        goal.learner = self.request.user
        return goal

    @cached_property
    def this_week(self):
        """The learner's study days of this week: read once a request."""
        week = goals.span(Goal.Period.WEEK, self.request.user.local_date())
        mine = StudyDay.objects.for_learner(self.request.user.pk)
        return list(mine.filter(date__range=week))

    def standing_of(self, goal):
        today = self.request.user.local_date()
        return goals.standings([goal], self.this_week, today)[0]

    @extend_schema(
        parameters=[GoalHistorySerializer],
        responses=StandingSerializer(many=True),
        filters=False,
    )
    @action(detail=True, pagination_class=None, filter_backends=[])
    def history(self, request, pk):
        """What the goal came to in the periods that it held for, latest first.

        Those that are over; a period counts for the goal that holds on its last day.
        """
        goal = self.get_object()
        query = GoalHistorySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        today = request.user.local_date()
        spans = goals.periods(goal, today, query.validated_data.get("before"))
        days = StudyDay.objects.none()
        if spans:
            mine = StudyDay.objects.for_learner(request.user)
            days = mine.filter(date__range=(spans[-1][0], spans[0][1]))
        results = goals.results(goal, spans, days)
        return Response(StandingSerializer(results, many=True).data)

    @extend_schema(
        request=NewGoalSerializer,
        responses={201: GoalSerializer, 200: GoalSerializer},
    )
    def create(self, request):
        """Set a goal. The active one of this kind, period and language ends.

        One of the same amount stays as it is, and is given back with 200.
        """
        sent = NewGoalSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        goal, is_new = Goal.objects.begin(request.user, **sent.validated_data)
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(self.get_serializer(goal).data, status=code)

    @extend_schema(request=ChangedGoalSerializer, responses=GoalSerializer)
    def partial_update(self, request, pk):
        """End the goal, and let one of another amount begin today: that is answered.

        The same again gives the same goal. 409 where it ended otherwise.
        """
        goal = self.get_object()
        sent = ChangedGoalSerializer(data=request.data, context={"goal": goal})
        sent.is_valid(raise_exception=True)
        try:
            changed = Goal.objects.change(goal, **sent.validated_data)
        except GoalEnded as error:
            raise Conflict(str(error)) from error
        return Response(self.get_serializer(changed).data)

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        """End the goal: it is kept as history. Once more, it changes nothing."""
        Goal.objects.end(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)
