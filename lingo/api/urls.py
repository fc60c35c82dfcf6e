from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.routers import SimpleRouter

from conversations.achievement_api import AchievementsView
from conversations.api import ConversationViewSet
from conversations.charts_api import ChartViewSet
from conversations.correction_api import CorrectionViewSet
from conversations.grammar_api import GrammarViewSet
from conversations.level_api import LevelView
from conversations.scenario_api import ScenarioViewSet
from conversations.tutor_api import CostsView
from conversations.weak_point_api import WeakPointReviewViewSet, WeakPointViewSet
from conversations.week_api import WeekView
from lingo.api import views
from progress.api import ProgressViewSet
from progress.goal_api import GoalViewSet
from vocabulary.api import LookupView, ReviewViewSet, VocabularyViewSet

app_name = "api"

router = SimpleRouter()
router.register("conversations", ConversationViewSet, "conversation")
router.register("corrections", CorrectionViewSet, "correction")
router.register("scenarios", ScenarioViewSet, "scenario")
router.register("vocabulary", VocabularyViewSet, "vocabulary")
router.register("reviews", ReviewViewSet, "review")
router.register("weak-point-reviews", WeakPointReviewViewSet, "weak-point-review")
router.register("progress/goals", GoalViewSet, "goal")
router.register("progress/charts", ChartViewSet, "chart")
router.register("progress", ProgressViewSet, "progress")

# The description is the same for everybody, and needs no account to be read.
open_to_all = {"permission_classes": [AllowAny]}

urlpatterns = [
    path("auth/login/", views.LoginView.as_view(), name="login"),
    path("auth/logout/", views.LogoutView.as_view(), name="logout"),
    path("auth/logout-all/", views.LogoutAllView.as_view(), name="logout-all"),
    path("me/", views.MeView.as_view(), name="me"),
    path("grammar/", GrammarViewSet.as_view({"get": "list"}), name="grammar-list"),
    path(
        "grammar/<language>/<slug:slug>/",
        GrammarViewSet.as_view({"get": "retrieve"}),
        name="grammar-detail",
    ),
    path(
        "weak-points/",
        WeakPointViewSet.as_view({"get": "list"}),
        name="weak-point-list",
    ),
    path(
        "weak-points/<language>/<slug:category>/",
        WeakPointViewSet.as_view({"get": "retrieve"}),
        name="weak-point-detail",
    ),
    path(
        "weak-points/<language>/<slug:category>/reviews/",
        WeakPointViewSet.as_view({"post": "review_create"}),
        name="weak-point-review-create",
    ),
    path("lexicon/lookup/", LookupView.as_view(), name="lookup"),
    path("progress/achievements/", AchievementsView.as_view(), name="achievement-list"),
    path("progress/level-estimate/", LevelView.as_view(), name="level-estimate"),
    path("progress/week/", WeekView.as_view(), name="progress-week"),
    path("tutor-costs/", CostsView.as_view(), name="tutor-costs"),
    path("schema/", SpectacularAPIView.as_view(**open_to_all), name="schema"),
    path(
        "docs/",
        login_not_required(
            SpectacularSwaggerSplitView.as_view(url_name="api:schema", **open_to_all)
        ),
        name="docs",
    ),
    path("", include(router.urls)),
]
