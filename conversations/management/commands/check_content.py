from collections import Counter

from django.core.management.base import BaseCommand, CommandError

from conversations.categories import Category
from conversations.tutors import asking, checking, content, hearing, remembering
from lingo.content import MalformedContent, line_of, read
from lingo.languages import Level

# Files of which there is one: their kind, and what looks at what they hold.
ALONE = (
    ("common.toml", content.Common, checking.check_common),
    ("asking.toml", asking.AskingContent, lambda made: ()),
    ("parts.toml", hearing.PartsContent, lambda made: ()),
    ("facts.toml", remembering.FactsContent, lambda made: ()),
)


class Command(BaseCommand):
    help = (
        "Check the guided tutor's whole content: each file by its format, and what a "
        "teacher should look at. Fails on what is wrong."
    )

    def handle(self, *args, **options):
        self.errors, self.notes = 0, Counter()
        scenarios = self.look_at(
            content.files("scenarios"), content.ScenarioContent, check_scenario
        )
        topics = self.look_at(
            content.files("topics"), content.TopicContent, checking.check_topic
        )
        for name, kind, look in ALONE:
            self.look_at([content.FOLDER / name], kind, look)
        self.stdout.write(f"{len(scenarios)} scenarios, {len(topics)} topics.")
        self.count("By category", Category, [one.category for one in scenarios])
        self.count("By level", Level, [one.level for one in scenarios])
        for band, zipf in checking.BANDS.items():
            self.stdout.write(
                f"Lines with words rarer than Zipf {zipf} ({band}): {self.notes[band]}."
            )
        self.stdout.write(f"{self.errors} errors, {self.notes.total()} notes.")
        if self.errors:
            raise CommandError("The content is not in order; see the errors above.")

    def look_at(self, paths, kind, look):
        """Read and check files of a kind; return what they hold."""
        found = []
        for path in paths:
            try:
                made = read(path, kind)
            except MalformedContent as error:
                self.errors += 1
                self.stdout.write(self.style.ERROR(f"error: {error}"))
                continue
            found.append(made)
            self.tell(path, look(made))
        return found

    def tell(self, path, findings):
        source = path.read_text(encoding="utf-8")
        name = path.relative_to(content.FOLDER)
        placed = [(line_of(source, finding.place), finding) for finding in findings]
        for line, finding in sorted(placed, key=lambda one: one[0]):
            said = f"{name}, line {line}: {finding.reason}"
            if finding.is_error:
                self.errors += 1
                self.stdout.write(self.style.ERROR(f"error: {said}"))
            else:
                self.notes[finding.band] += 1
                self.stdout.write(f"note: {said}")

    def count(self, title, names, values):
        counts = Counter(values)
        told = ", ".join(f"{name.value} {counts[name.value]}" for name in names)
        self.stdout.write(f"{title}: {told}.")


def check_scenario(scenario):
    """Yield the findings of a scenario, and whether it has phases as it should."""
    if not 3 <= len(scenario.phase) <= 5:
        yield checking.Finding(("phase", 0), "a scenario has three to five phases")
    yield from checking.check_scenario(scenario)
