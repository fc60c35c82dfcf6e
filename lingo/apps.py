from django.apps import AppConfig


class LingoConfig(AppConfig):
    name = "lingo"
    default_auto_field = "django.db.models.BigAutoField"
