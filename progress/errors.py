"""What can go wrong with progress. Pages and API turn each into a message."""


class GoalEnded(Exception):
    """The goal was ended or changed meanwhile; nothing was saved."""

    def __init__(self):
        super().__init__("This goal has ended. What it came to is kept.")
