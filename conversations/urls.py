from django.core.exceptions import ValidationError
from django.urls import path, register_converter

from conversations import (
    achievement_views,
    correction_list_views,
    correction_views,
    grammar_views,
    home_views,
    level_views,
    own_scenario_views,
    scenario_views,
    shadowing_views,
    speaking_views,
    tutor_views,
    views,
    weak_point_views,
    weaving,
    word_views,
    woven_views,
)
from conversations.models import Conversation
from conversations.models.conversation import validate_conversation_id
from vocabulary.managers import clean_word

app_name = "conversations"


class ConversationIdConverter:
    """An id as a conversation may have it; anything else is no such page."""

    regex = "[^/]{1,100}"

    def to_python(self, text):
        try:
            validate_conversation_id(text)
        except ValidationError as error:
            raise ValueError from error
        return text

    def to_url(self, text):
        return text


class WordConverter:
    """A word as it may be kept; anything else is no such page."""

    regex = r"[\s\S]+"

    def to_python(self, text):
        return clean_word(text)  # which raises ValueError

    def to_url(self, text):
        return text


register_converter(ConversationIdConverter, "conversation_id")
register_converter(WordConverter, "word")

OWN = "own-scenarios/<slug:slug>/"
ONE = "conversations/<conversation_id:conversation_id>/"
Status = Conversation.Status

urlpatterns = [
    path("", home_views.home, name="home"),
    path("conversations/", views.conversation_list, name="list"),
    path("new/", views.create, name="create"),
    path(ONE, views.detail, name="detail"),
    path(f"{ONE}open/", views.turn_open, name="turn-open"),
    path(f"{ONE}turns/", views.turn_create, name="turn-create"),
    path(f"{ONE}turns/<int:position>/", views.turn_retry, name="turn-retry"),
    path(
        f"{ONE}messages/<int:position>/sent/",
        tutor_views.sent,
        name="sent",
    ),
    path(f"{ONE}earlier/", views.earlier, name="earlier"),
    path(f"{ONE}pause/", views.move, {"status": Status.PAUSED}, name="pause"),
    path(f"{ONE}resume/", views.move, {"status": Status.ACTIVE}, name="resume"),
    path(f"{ONE}complete/", views.move, {"status": Status.COMPLETED}, name="complete"),
    path(f"{ONE}archive/", views.move, {"status": Status.ARCHIVED}, name="archive"),
    path(f"{ONE}delete/", views.delete, name="delete"),
    path(f"{ONE}summary/", views.summary, name="summary"),
    path(f"{ONE}measures/", speaking_views.measures, name="measures"),
    path(
        f"{ONE}messages/<int:position>/sentences/<int:number>/",
        shadowing_views.shadow,
        name="shadow",
    ),
    path(
        f"{ONE}words/<int:pk>/hint/",
        woven_views.woven_help,
        {"give": weaving.hint},
        name="woven-hint",
    ),
    path(
        f"{ONE}words/<int:pk>/show/",
        woven_views.woven_help,
        {"give": weaving.show},
        name="woven-show",
    ),
    path(f"{ONE}reviews/<int:pk>/undo/", woven_views.review_undo, name="review-undo"),
    path("words/<language>/<word:word>/", word_views.detail, name="word"),
    path(
        "progress/achievements/",
        achievement_views.achievement_list,
        name="achievement-list",
    ),
    path(
        "progress/achievements/<slug:slug>/",
        achievement_views.achievement_days,
        name="achievement-days",
    ),
    path("progress/level/", level_views.level_estimate, name="level-estimate"),
    path("corrections/", correction_list_views.correction_list, name="correction-list"),
    path(
        "corrections/<int:pk>/dispute/",
        correction_views.dispute,
        name="correction-dispute",
    ),
    path(
        "corrections/<int:pk>/agree/", correction_views.agree, name="correction-agree"
    ),
    path("costs/", tutor_views.costs, name="costs"),
    path("weak-points/", weak_point_views.weak_point_page, name="weak-points"),
    path(
        "weak-points/reviews/",
        weak_point_views.weak_point_reviews,
        name="weak-point-reviews",
    ),
    path(
        "weak-points/reviews/<int:pk>/undo/",
        weak_point_views.weak_point_undo,
        name="weak-point-undo",
    ),
    path("grammar/", grammar_views.chart_list, name="grammar-list"),
    path(
        "grammar/<language>/<slug:slug>/", grammar_views.detail, name="grammar-detail"
    ),
    path(
        "grammar/<language>/<slug:slug>/walk/", grammar_views.walk, name="grammar-walk"
    ),
    path("own-scenarios/new/", own_scenario_views.own_create, name="scenario-create"),
    path(
        "own-scenarios/import/", own_scenario_views.own_import, name="scenario-import"
    ),
    path(
        "own-scenarios/export/",
        own_scenario_views.own_export,
        name="scenario-export-all",
    ),
    path(f"{OWN}edit/", own_scenario_views.own_edit, name="scenario-edit"),
    path(f"{OWN}delete/", own_scenario_views.own_delete, name="scenario-delete"),
    path(f"{OWN}export/", own_scenario_views.own_export, name="scenario-export"),
    path("scenarios/", scenario_views.scenario_list, name="scenario-list"),
    path(
        "scenarios/<slug:slug>/", scenario_views.scenario_detail, name="scenario-detail"
    ),
    path(
        "scenarios/<slug:slug>/learn/",
        scenario_views.scenario_learn,
        name="scenario-learn",
    ),
]
