"""When a word is due: FSRS, as py-fsrs computes it."""


def new_memory(at):
    """Return the memory of a word just introduced, as VocabularyItem's columns.

    py-fsrs starts a card in the first learning step, due at once, without stability
    or difficulty: those come with the first review.
    """
    from fsrs import Card

    # An id of its own, or py-fsrs would wait a millisecond to make a unique one.
    card = Card(card_id=0, due=at)
    return {
        "state": card.state.value,
        "step": card.step,
        "stability": card.stability,
        "difficulty": card.difficulty,
        "due": card.due,
        "last_review": card.last_review,
    }
