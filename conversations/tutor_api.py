"""What language models cost the learner, for programs."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations import ledger
from conversations.models import TutorCall


class MonthSerializer(serializers.Serializer):
    """What a calendar month's requests (UTC) cost."""

    month = serializers.DateField(help_text="Its first day.")
    requests = serializers.IntegerField(source="number")
    tokens = serializers.IntegerField()
    cost = serializers.FloatField(source="paid", help_text="US dollars.")


class CostsSerializer(serializers.Serializer):
    """This month's limit, and all months that cost anything, the latest first."""

    month = serializers.DateField(help_text="The first day of this month.")
    limit = serializers.FloatField(
        allow_null=True,
        help_text="US dollars: the lower of the site's and the learner's own.",
    )
    months = MonthSerializer(many=True)


class CostsView(APIView):
    @extend_schema(responses=CostsSerializer)
    def get(self, request):
        """What language models cost the learner, month by month, and may cost."""
        sent = {
            "month": ledger.month_of(timezone.now()),
            "limit": ledger.limit_of(request.user),
            "months": TutorCall.objects.for_learner(request.user).by_month(),
        }
        return Response(CostsSerializer(sent).data)
