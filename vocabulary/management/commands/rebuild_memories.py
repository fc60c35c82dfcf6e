from django.core.management.base import BaseCommand

from vocabulary import memories


class Command(BaseCommand):
    help = (
        "Rebuild each word's memory from its reviews; changes nothing if all is right."
    )

    def handle(self, *args, **options):
        seen, mended = memories.rebuild()
        self.stdout.write(f"{seen} words checked, {mended} mended.")
