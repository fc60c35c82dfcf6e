from vocabulary.models.gloss import Gloss
from vocabulary.models.item import VocabularyItem
from vocabulary.models.mark import WordMark
from vocabulary.models.pronunciation import Pronunciation
from vocabulary.models.review import Review
from vocabulary.models.upload import VocabularyUpload

__all__ = [
    "Gloss",
    "Pronunciation",
    "Review",
    "VocabularyItem",
    "VocabularyUpload",
    "WordMark",
]
