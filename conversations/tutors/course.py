"""The course of a role-play: when an objective is met, a phase complete, a scene over.

These rules hold whoever the tutor is; it only judges what meets an objective.

1. A scenario has phases in order, each with objectives. Its run is in one phase, or
   over. It begins in the first.
2. A message is heard for the open objectives of the run's phase, and may meet several.
   For those of later phases it isn't heard: their time is still to come.
3. The phase is complete when all its objectives are met. The next that isn't complete
   begins at once, and the same message is heard for it as well.
4. What is met stays met, by the first message that met it. Nothing leads back.
5. When no phase is left, the scene is over. The conversation is not: the learner ends
   it.

For the guided tutor, a message meets an objective where all content words of one of its
answers are in it, in any form and order, or where one that ends in … is in it word by
word with a content word behind it. One that begins with = must be all that is said, in
answer to that objective's question. Function words else, words of other answers, what
is denied where the tutor would state it, and messages in another language meet nothing.
See conversations/content/README.md.
"""


class Course:
    """How far a run has come, and how far a message brings it.

    `phase` is the phase that it is in now, None once it is over; `done` has the keys of
    all objectives met, in the order in which they were.
    """

    def __init__(self, run):
        self.run = run
        self.done = dict.fromkeys(run.met)
        self.phase = self._open_phase()

    @property
    def new(self):
        """The keys of the objectives that were met since the run was read."""
        return [key for key in self.done if key not in self.run.met]

    def still_open(self):
        """Return cue and prompt of each objective of the phase that is not met."""
        prompts = self.phase.prompts.items() if self.phase else ()
        return [asked for key, asked in prompts if key not in self.done]

    def to_come(self):
        """Return the prompts of later phases that are not met."""
        here = self.run.phases.index(self.phase)
        return [
            prompt
            for phase in self.run.phases[here + 1 :]
            for key, (_, prompt) in phase.prompts.items()
            if key not in self.done
        ]

    def behind(self):
        """Return the prompts that are met."""
        return [
            prompt
            for phase in self.run.phases
            for key, (_, prompt) in phase.prompts.items()
            if key in self.done
        ]

    def advance(self, is_met):
        """Mark what a message meets; return those prompts by cue.

        `is_met(key, prompt)` says whether the message meets an objective.
        """
        met = {}
        while self.phase:
            here = self.phase
            for key, (cue, prompt) in here.prompts.items():
                if key not in self.done and is_met(key, prompt):
                    met[cue] = prompt
                    self.done[key] = None
            self.phase = self._open_phase()
            if self.phase is here:
                break
        return met

    def _open_phase(self):
        """Return the first phase, from the run's on, with an objective not yet met."""
        keys = [phase.pk for phase in self.run.phases]
        start = len(keys) if self.run.is_finished else keys.index(self.run.phase)
        for phase in self.run.phases[start:]:
            if not self.done.keys() >= phase.prompts.keys():
                return phase
        return None
