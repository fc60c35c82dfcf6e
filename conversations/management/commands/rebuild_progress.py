from django.core.management.base import BaseCommand

from conversations import rebuilding, weak_point_reviewing
from vocabulary import memories


class Command(BaseCommand):
    help = (
        "Rebuild from history all that is counted: words' and weak points' memories, "
        "study days and sessions, progress, conversations' totals; changes nothing if "
        "all is right."
    )

    def handle(self, *args, **options):
        seen, mended = memories.rebuild()
        self.stdout.write(f"{seen} words checked, {mended} mended.")
        seen, mended = weak_point_reviewing.rebuild_memories()
        self.stdout.write(f"{seen} weak points checked, {mended} mended.")
        checked, mended = rebuilding.rebuild()
        for name, rows in checked.items():
            self.stdout.write(f"{rows} {name} checked, {mended[name]} mended.")
