"""The learner's vocabulary for programs."""

from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.views import APIView

from lingo.api.errors import Conflict
from lingo.api.pagination import Pages
from vocabulary import (
    errors,
    glossary,
    lexicon,
    planning,
    pronunciation,
    reviewing,
    word_states,
)
from vocabulary.adding import add_word, remove_word
from vocabulary.exchange_api import ExchangeActions
from vocabulary.filters import ReviewFilter, VocabularyFilter
from vocabulary.models import Review, VocabularyItem
from vocabulary.queue import queue
from vocabulary.serializers import (
    LookupRequestSerializer,
    LookupSerializer,
    NewReviewSerializer,
    NewWordSerializer,
    QueueRequestSerializer,
    QueueSerializer,
    ReviewedSerializer,
    ReviewSerializer,
    VocabularySerializer,
)
from vocabulary.syllables import syllables


class ReviewPages(Pages):
    ordering = ("-reviewed_at", "-pk")


class VocabularyViewSet(ExchangeActions, viewsets.ModelViewSet):
    """The learner's own words."""

    queryset = VocabularyItem.objects.none()
    serializer_class = VocabularySerializer
    filterset_class = VocabularyFilter
    lookup_value_regex = "[0-9]{1,18}"
    ordering_fields = ["introduced_at", "due", "lemma", "difficulty_level"]
    ordering = ["-introduced_at"]

    def get_queryset(self):
        return VocabularyItem.objects.for_learner(self.request.user.pk)

    def handle_exception(self, error):
        return super().handle_exception(as_api_error(error))

    @extend_schema(
        request=NewWordSerializer,
        responses={201: VocabularySerializer, 200: VocabularySerializer},
    )
    def create(self, request):
        """Add a word; one that is there, in any form, is given back as it is."""
        sent = NewWordSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        item, is_new = add_word(request.user, **sent.validated_data)
        answer = self.get_serializer(item).data
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(answer, status=code)

    def perform_update(self, sent):
        VocabularyItem.objects.revise(sent.instance, **sent.validated_data)

    def perform_destroy(self, item):
        remove_word(item)

    @extend_schema(
        parameters=[QueueRequestSerializer], responses=QueueSerializer, filters=False
    )
    @action(detail=False, pagination_class=None)
    def due(self, request):
        """Today's words, in the order in which they are best reviewed."""
        wish = QueueRequestSerializer(data=request.query_params)
        wish.is_valid(raise_exception=True)
        limit, wishes = wish.validated_data.pop("limit"), wish.validated_data
        plan = planning.plan(request.user, **wishes)
        language = wishes.get("language", "")
        words = queue(request.user, plan, language=language, limit=limit)
        answer = {**plan._asdict(), "results": words}
        context = self.get_serializer_context()
        return Response(QueueSerializer(answer, context=context).data)

    @extend_schema(responses=ReviewSerializer(many=True), filters=False)
    @action(detail=True, filter_backends=[], pagination_class=ReviewPages)
    def reviews(self, request, pk):
        """The word's reviews, latest first, undone ones too."""
        mine = Review.objects.for_learner(request.user).filter(item=self.get_object())
        page = self.paginate_queryset(mine.prefetch_related("item"))
        return self.get_paginated_response(ReviewSerializer(page, many=True).data)

    @extend_schema(
        request=NewReviewSerializer,
        responses={201: ReviewedSerializer, 200: ReviewedSerializer},
    )
    @reviews.mapping.post
    def review_create(self, request, pk):
        """Review the word; the same `client_id` again changes nothing."""
        item = self.get_object()
        item.learner = request.user
        sent = NewReviewSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        done, is_new = reviewing.review(item, **sent.validated_data)
        done.item = item
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(reviewed(done, self.get_serializer_context()), status=code)


class ReviewViewSet(viewsets.ReadOnlyModelViewSet):
    """The learner's reviews: history, of which the latest of a word can be undone."""

    queryset = Review.objects.none()
    serializer_class = ReviewSerializer
    filterset_class = ReviewFilter
    lookup_value_regex = "[0-9]{1,18}"
    ordering_fields = ["reviewed_at"]
    ordering = ["-reviewed_at", "-pk"]

    def get_queryset(self):
        mine = Review.objects.for_learner(self.request.user.pk)
        return mine.prefetch_related("item")

    def handle_exception(self, error):
        return super().handle_exception(as_api_error(error))

    @extend_schema(request=None, responses=ReviewedSerializer)
    @action(detail=True, methods=["post"], filter_backends=[])
    def undo(self, request, pk):
        """Take the review back, exactly; 409 where a later one builds on it."""
        review = self.get_object()
        review.learner = review.item.learner = request.user
        reviewing.undo(review)
        return Response(reviewed(self.get_object(), self.get_serializer_context()))


def reviewed(review, context):
    """Return a review and its word as the API gives them."""
    return ReviewedSerializer(
        {"review": review, "item": review.item}, context=context
    ).data


def as_api_error(error):
    """Return the API's error for one of a word's; any other as it is."""
    match error:
        case errors.ItemNotFound():
            return NotFound(str(error))
        case errors.VocabularyError():
            return Conflict(str(error))
    return error


class LookupView(APIView):
    """What Lingo knows of the words of a text, and how well the learner knows them."""

    @extend_schema(parameters=[LookupRequestSerializer], responses=LookupSerializer)
    def get(self, request):
        """Look up a word or a text. Numbers are left out. A look-up invents nothing."""
        sent = LookupRequestSerializer(data=request.query_params)
        sent.is_valid(raise_exception=True)
        learner, wanted = request.user, sent.validated_data
        language, text = wanted["language"], wanted["text"]
        words = word_states.words(text, language)
        lemmas = {word.lemma for word in words}
        found = word_states.standings(learner, language, lemmas)
        glosses = glossary.look_up(language, lemmas, learner.native_language)
        written = {word.text: word.lemma for word in words}
        ipa = pronunciation.known_ipa(written, language, glosses)
        answer = {
            **wanted,
            "known_share": word_states.known_share(words, found),
            "words": [
                {
                    **word._asdict(),
                    "frequency": (zipf := lexicon.frequency(word.lemma, language)),
                    "difficulty": lexicon.difficulty("", zipf),
                    "syllables": syllables(word.text, language),
                    "ipa": ipa.get(word.text, ""),
                    "is_worth_learning": lexicon.is_worth_learning(
                        word.text,
                        language,
                        is_inside_sentence=lexicon.is_inside_sentence(text, word.start),
                    ),
                    "state": word_states.state_of(word, found),
                    "item": found[word.lemma].item if word.lemma in found else None,
                    "glosses": glosses.get(word.lemma, []),
                }
                for word in words
            ],
        }
        return Response(LookupSerializer(answer).data)
