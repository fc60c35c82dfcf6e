"""The estimate of a learner's level for programs."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations import estimating, level
from lingo import languages
from lingo.api.serializers import StrictSerializer

CEFR = [(name, name) for name in estimating.LEVELS]


class LevelQuerySerializer(StrictSerializer):
    language = serializers.ChoiceField(choices=languages.CHOICES)


class FigureSerializer(serializers.Serializer):
    """A figure, and the level that it is typical of."""

    name = serializers.ChoiceField(list(estimating.TYPICAL))
    value = serializers.FloatField()
    level = serializers.ChoiceField(CEFR)


class BandSerializer(serializers.Serializer):
    """Different words of a frequency band, as base forms."""

    zipf_from = serializers.IntegerField()
    words = serializers.ListField(child=serializers.CharField())


class SentenceSerializer(serializers.Serializer):
    """A sentence of the learner's that counts."""

    text = serializers.CharField()
    words = serializers.IntegerField()
    rarer = serializers.ListField(child=serializers.CharField())
    url = serializers.CharField(help_text="Its message.")


class LevelEstimateSerializer(serializers.Serializer):
    """A range of CEFR levels: an estimate, not a certificate."""

    language = serializers.ChoiceField(languages.CHOICES)
    note = serializers.CharField()
    lowest = serializers.ChoiceField(
        CEFR, allow_null=True, help_text="None: there are too few words."
    )
    highest = serializers.ChoiceField(CEFR, allow_null=True)
    words = serializers.IntegerField(help_text="In the sentences.")
    words_needed = serializers.IntegerField()
    figures = FigureSerializer(many=True)
    bands = BandSerializer(many=True)
    sentences = SentenceSerializer(many=True, help_text="All that count, latest first.")


class LevelView(APIView):
    @extend_schema(parameters=[LevelQuerySerializer], responses=LevelEstimateSerializer)
    def get(self, request):
        """Which CEFR range the learner's own latest messages in a language suggest.

        Computed as `conversations/estimating.py` says, with its sources.
        """
        query = LevelQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        language = query.validated_data["language"]
        found = level.estimate(request.user, language)
        sent = {
            "language": language,
            "note": "an estimate, not a certificate",
            "lowest": found.lowest,
            "highest": found.highest,
            "words": found.number_of_words,
            "words_needed": estimating.ENOUGH_WORDS,
            "figures": found.figures,
            "bands": [
                {"zipf_from": least, "words": [word.lemma for word in words]}
                for least, words in found.bands.items()
            ],
            "sentences": [
                {
                    "text": sentence.text,
                    "words": len(sentence.words),
                    "rarer": [word.text for word in sentence.rarer],
                    "url": url,
                }
                for sentence, url in level.with_addresses(request.user, found.sentences)
            ],
        }
        return Response(LevelEstimateSerializer(sent).data)
