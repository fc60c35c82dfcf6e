from django.urls import path

from vocabulary import views

app_name = "vocabulary"

urlpatterns = [
    path("", views.vocabulary_list, name="list"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/delete/", views.delete, name="delete"),
]
