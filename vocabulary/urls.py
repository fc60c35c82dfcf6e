from django.urls import include, path

from vocabulary import exchange_views, list_views, review_views, views

app_name = "vocabulary"

words = [
    path("", list_views.vocabulary_list, name="list"),
    path("add/", list_views.add, name="add"),
    path("bulk/", list_views.bulk, name="bulk"),
    path("export/", exchange_views.export_words, name="export"),
    path("import/", exchange_views.import_words, name="import"),
    path("import/<int:pk>/", exchange_views.import_preview, name="import-preview"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/delete/", views.delete, name="delete"),
    path(
        "<int:pk>/suspend/",
        review_views.suspend,
        {"is_suspended": True},
        name="suspend",
    ),
    path(
        "<int:pk>/resume/",
        review_views.suspend,
        {"is_suspended": False},
        name="resume",
    ),
]
reviewing = [
    path("", review_views.review_page, name="review"),
    path("history/", list_views.review_list, name="review-list"),
    path("undo/", review_views.review_undo, name="review-undo"),
    path("settings/", review_views.review_settings, name="review-settings"),
    path("catch-up/", review_views.catch_up, name="review-catch-up"),
    path("leeches/", review_views.leeches, name="review-leeches"),
]

urlpatterns = [
    path("vocabulary/", include(words)),
    path("review/", include(reviewing)),
]
