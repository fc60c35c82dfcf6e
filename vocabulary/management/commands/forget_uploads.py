from django.core.management.base import BaseCommand

from vocabulary.models import VocabularyUpload


class Command(BaseCommand):
    help = "Delete uploaded files of words that nobody imported within a day."

    def handle(self, *args, **options):
        count = VocabularyUpload.objects.forget_old()
        self.stdout.write(f"{count} files deleted.")
